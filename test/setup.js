// Templates are validated in one suite of their own (test/lib/validation.test.ts); elsewhere it only costs time.
process.env.CDK_VALIDATION ??= 'false';
