/** Folders of an asynchronous use case's bucket; the rest of an answer's path is SageMaker's. */
export const ASYNC_REQUESTS = 'requests';
export const ASYNC_ANSWERS = 'answers';
export const ASYNC_FAILURES = 'failures';
