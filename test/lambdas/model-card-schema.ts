import Ajv from 'ajv';

const text = (maxLength: number) => ({ type: 'string', maxLength });
const closed = (properties: object, required: string[] = []) => ({ type: 'object', additionalProperties: false, properties, required });
const texts = (maxItems: number) => ({ type: 'array', maxItems, items: text(1024) });

const simpleMetric = closed(
  {
    name: { type: 'string', pattern: '^.{1,255}$' },
    notes: text(1024),
    type: { enum: ['number', 'string', 'boolean'] },
    value: { type: ['number', 'string', 'boolean'] },
  },
  ['name', 'type', 'value'],
);

/** SageMaker's model card schema, as far as cards of ours use it (developer guide, "Model card JSON schema"). */
const SCHEMA = closed({
  model_overview: closed({
    model_description: text(1024),
    model_creator: text(1024),
    model_owner: text(1024),
    model_artifact: texts(15),
    algorithm_type: text(1024),
    problem_type: { type: 'string' },
    model_id: text(1024),
    model_name: text(1024),
    model_version: { type: 'number', minimum: 1 },
    inference_environment: closed({ container_image: texts(15) }),
  }),
  intended_uses: closed({
    purpose_of_model: text(2048),
    intended_uses: text(2048),
    factors_affecting_model_efficiency: text(2048),
    risk_rating: { enum: ['High', 'Medium', 'Low', 'Unknown'] },
    explanations_for_risk_rating: text(2048),
  }),
  business_details: closed({ business_problem: text(2048), business_stakeholders: text(2048), line_of_business: text(2048) }),
  evaluation_details: {
    type: 'array',
    items: closed(
      {
        name: { type: 'string', pattern: '^.{1,63}$' },
        evaluation_observation: text(2096),
        evaluation_job_arn: text(256),
        datasets: texts(10),
        metadata: { type: 'object', additionalProperties: text(1024) },
        metric_groups: {
          type: 'array',
          items: {
            type: 'object',
            required: ['name', 'metric_data'],
            properties: { name: { type: 'string', pattern: '^.{1,63}$' }, metric_data: { type: 'array', items: simpleMetric } },
          },
        },
      },
      ['name'],
    ),
  },
  additional_information: closed({
    ethical_considerations: text(2048),
    caveats_and_recommendations: text(2048),
    custom_details: { type: 'object', additionalProperties: text(1024) },
  }),
});

/** What a card does not keep to; empty where it is accepted. */
export function cardValidator(): (card: unknown) => string[] {
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(SCHEMA);
  return (card) => (validate(card) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`));
}
