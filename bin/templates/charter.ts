/** A first `usecase.yaml`, commented. It validates as it stands. */
export const charterTemplate = (
  name: string,
): string => `# The one page that the process owner, risk and platform sign, and the only file a use case needs.
# Fractions are numbers (0.05 is 5 %), durations are 30m, 6h, 14d. Unknown keys are errors. Secrets never stand here.
# Check it with: npx cdk-sluice validate .
schema: sluice/v1
name: ${name} # 3 to 32 of a-z, 0-9 and -, starting with a letter

charter:
  problem: Urgent messages wait among the others.
  users: the people at the desk
  hypothesis: A model tells urgent messages apart twice as well as today's threshold does.
  reviewBy: 2027-12-31
  risk: limited # minimal | limited | high
  data: { sources: [inbox], personal: true, retention: 365d }

owners: # who may decide, and who is told: put IAM principals of your account here
  process: { principals: ["arn:aws:iam::111122223333:role/ProcessOwner"], notify: [] }
  platform: { principals: ["arn:aws:iam::111122223333:role/PlatformOnCall"] }

kpis: # the verdict on a release is made of these
  - name: wrong-answer
    type: binary
    better: lower # lower | higher
    unit: case # request | session | user | case: also what is assigned to an arm
    role: goal # goal (what should improve) | guard: neither may get worse
    margin: 0.2 # largest relative worsening still called "no worse"
    target: { value: 0.1, by: 2027-12-31 }
    window: 10m # outcomes arrive within this time of the decision

baseline: { rule: baseline.mjs } # answers without a model: before the first release, in the holdout, and whenever the model fails

release: # one hash over all of it: a changed threshold is a release like a changed model
  model:
    # Either package: <ARN of a version in the model registry>; or image: <container image>, with or without artefact;
    # or AWS's public scikit-learn container with an artefact, as here.
    container: scikit-learn:1.2-1
    artefact: model
  behaviour: { threshold: 0 }

serving: { mode: real-time, instance: ml.m5.large, instances: { min: 1, max: 1 } }

rollout:
  strategy: canary # canary | all-at-once
  steps: [{ weight: 0.1, bake: 30m }, { weight: 0.25, bake: 30m }, { weight: 0.5, bake: 1h }]
  maxDuration: 6h
  inconclusive: hold # hold | roll-back
  holdout: 0.02 # stays with the baseline for good: keeps the lift measurable

approvals: { requiredRoles: [process], deadline: 48h, onDeadline: reject }

tags: { use-case: ${name} }
`;
