import { useState } from 'react';

const seconds = 45;

/** Makes a parcel of the sandbox complete its journey. */
export function TravelButton({ trackingNumber }: { trackingNumber: string }) {
  const [state, setState] = useState<'ready' | 'sent' | 'failed'>('ready');
  const travel = async () => {
    setState('sent');
    const response = await fetch(`/sandbox/parcels/${trackingNumber}/travel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ seconds }),
    }).catch(() => undefined);
    if (!response?.ok) setState('failed');
  };
  return (
    <div>
      <button type="button" className="secondary" disabled={state === 'sent'} onClick={() => void travel()}>
        {state === 'sent'
          ? `It arrives within ${seconds} seconds`
          : `Send it along: it arrives in ${seconds} seconds`}
      </button>
      <p role="status">{state === 'failed' && 'The sandbox can’t move this parcel.'}</p>
    </div>
  );
}
