import { useMutation } from '@apollo/client/react';
import { useRef } from 'react';

import { explainError, explainFailure } from '../failures.ts';
import { sentence } from '../format.ts';
import { ShipmentVoidDocument } from '../generated/graphql.ts';

/** Voids a label, after a question. */
export function VoidButton({ id }: { id: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [mutate, { data, error, loading }] = useMutation(ShipmentVoidDocument);
  const { failure, userErrors: [userError] = [] } = data?.shipmentVoid ?? {};
  const confirm = () => {
    dialog.current!.close();
    // A failure is shown from the result.
    mutate({ variables: { input: { id } } }).catch(() => {});
  };
  return (
    <>
      <button
        type="button"
        className="secondary"
        disabled={loading}
        onClick={() => dialog.current!.showModal()}
      >
        {loading ? 'Voiding …' : 'Void this label'}
      </button>
      <dialog ref={dialog} aria-labelledby="void-heading">
        <h2 id="void-heading">Void this label?</h2>
        <p>It can’t be used any more. What it cost is refunded as the carrier allows.</p>
        <div className="actions">
          <button type="button" className="secondary" onClick={() => dialog.current!.close()}>
            Keep it
          </button>
          <button type="button" className="danger" onClick={confirm}>
            Void it
          </button>
        </div>
      </dialog>
      <p role="status">
        {userError && sentence(userError.message)}
        {failure && explainFailure(failure, 'void this label')}
        {error && explainError(error)}
      </p>
    </>
  );
}
