import type { MailStatuses } from '../../provider.ts';

/** The status of a new job, by EasyPost's documents. */
export const awaitingFile = 'AWAITING_FOR_FILE';

const succeeded = /^(DONE|COMPLETED?|FINISHED|SENT|PROCESSED|SUCCEEDED|SUCCESS|DELIVERED)$/i;
const failed = /^(FAILED|FAILURE|(IN_)?ERROR|REJECTED|REFUSED|CANCELL?ED|ABORTED|EXPIRED|TIMED?_?OUT)$/i;

/** Classifies statuses. All but `awaitingFile` is a guess, by the words that such statuses have elsewhere. */
export const mailStatuses: MailStatuses = {
  awaitsFile: (status) => status === awaitingFile,
  isFinal: (status) => succeeded.test(status) || failed.test(status),
  hasFailed: (status) => failed.test(status),
};
