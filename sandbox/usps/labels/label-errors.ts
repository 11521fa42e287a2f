import { businessError } from '../errors.ts';

/** An error of the workbook in the Domestic Labels API. */
export const labelError = (code: string, detail: string, parameter: string) =>
  businessError('/labels/v3', code, detail, parameter);
