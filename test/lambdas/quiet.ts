/** Imported first: expected warnings stay out of the test report. */
process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
