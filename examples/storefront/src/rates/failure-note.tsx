import { useEffect, useState } from 'react';

import { explainFailure } from '../failures.ts';
import { formatSeconds, sentence } from '../format.ts';
import type { ProviderFailureFragment } from '../generated/graphql.ts';

/** Counts down from a number of seconds, which is at most a few minutes if anybody waits for it. */
function useSecondsLeft(seconds: number): number {
  const [end] = useState(() => Date.now() + seconds * 1000);
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000))), 1000);
    return () => clearTimeout(timer);
  }, [end, left]);
  return left;
}

interface Props {
  readonly failure: ProviderFailureFragment;
  readonly task: string;
  readonly onRetry?: () => void;
}

/** A provider's failure as a person wants it told: what it means, when to try again, the rest on request. */
export function FailureNote({ failure, task, onRetry }: Props) {
  const { message, hint, retryable, retryAfterSeconds, requestId } = failure;
  const left = useSecondsLeft(retryAfterSeconds ?? 0);
  const text = explainFailure(failure, task);
  const details = [sentence(message), hint && sentence(hint), requestId && `Request ${requestId}`];
  return (
    <div className="failure">
      <p>{text}</p>
      {retryable && onRetry && (
        <button type="button" className="secondary" disabled={left > 0} onClick={onRetry}>
          {left > 0 ? `Try again in ${formatSeconds(left)}` : 'Try again'}
        </button>
      )}
      <details>
        <summary>Details for the shop</summary>
        {details.map((detail) => detail && detail !== text && <p key={detail}>{detail}</p>)}
      </details>
    </div>
  );
}
