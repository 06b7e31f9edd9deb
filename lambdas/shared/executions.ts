import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';

/** Starts an execution under a name that is given once; the same name again is no error. Returns its ARN. */
export async function startOnce(sfn: SFNClient, stateMachineArn: string, name: string, input: object): Promise<string> {
  try {
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    return executionArn ?? executionArnOf(stateMachineArn, name);
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionAlreadyExists') {
      return executionArnOf(stateMachineArn, name);
    }
    throw error;
  }
}

function executionArnOf(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}
