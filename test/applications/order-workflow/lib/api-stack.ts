import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { DataStack } from './data-stack';
import { handler } from './handler';

interface ApiStackProps extends StackProps {
  data: DataStack;
}

/** Orders are placed and looked at over HTTP; what was placed and never taken up is announced again. */
export class ApiStack extends Stack {
  readonly place: IFunction;
  readonly resend: IFunction;

  constructor(scope: Construct, id: string, { data, ...props }: ApiStackProps) {
    super(scope, id, props);
    const environment = { ORDERS_TABLE: data.orders.tableName, EVENT_BUS: data.bus.eventBusName };

    const place = handler(this, 'Place', 'place-order', environment);
    data.orders.grant(place, 'dynamodb:PutItem', 'dynamodb:GetItem');
    data.bus.grantPutEventsTo(place);
    const show = handler(this, 'Show', 'show-order', environment);
    data.orders.grant(show, 'dynamodb:GetItem');

    const api = new HttpApi(this, 'Http');
    api.addRoutes({ path: '/orders', methods: [HttpMethod.POST], integration: new HttpLambdaIntegration('PlaceOrder', place) });
    api.addRoutes({ path: '/orders/{orderId}', methods: [HttpMethod.GET], integration: new HttpLambdaIntegration('ShowOrder', show) });
    new CfnOutput(this, 'Url', { value: api.apiEndpoint });

    const resend = handler(this, 'Resend', 'resend-orders', { ...environment, OLDER_THAN_MINUTES: '15' });
    data.orders.grantReadData(resend);
    data.bus.grantPutEventsTo(resend);
    new Rule(this, 'EveryTenMinutes', { schedule: Schedule.rate(Duration.minutes(10)), targets: [new LambdaFunction(resend)] });
    this.place = place;
    this.resend = resend;
  }
}
