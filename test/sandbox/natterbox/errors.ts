/** An error as the REST API tells it: an HTTP status and a code with its message. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly fields: string[];

  /** `code`: Salesforce's own error code; `fields`: the API names of the fields that it is about. */
  constructor(status: number, code: string, message: string, fields: string[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** The body of a refused request. */
  get body(): { message: string; errorCode: string; fields?: string[] }[] {
    const { message, code, fields } = this;
    return [{ message, errorCode: code, ...(fields.length > 0 && { fields }) }];
  }

  /** The same for one record of a collection: there the code is called statusCode. */
  get entry(): { statusCode: string; message: string; fields: string[] } {
    return { statusCode: this.code, message: this.message, fields: this.fields };
  }
}

export const notFound = (): ApiError =>
  new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
