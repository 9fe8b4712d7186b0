/** Headers of an answer that started something: where to follow it, and how many seconds to leave between two looks. */
export const acceptedHeaders = (operationId: string): Readonly<Record<string, string>> => ({
  'Operation-Location': `/api/operations/${operationId}`,
  'Retry-After': '5',
})
