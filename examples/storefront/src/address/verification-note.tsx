import { explainError, explainFailure } from '../failures.ts';
import { sentence } from '../format.ts';
import type { AddressVerificationQuery } from '../generated/graphql.ts';

export type Verification = NonNullable<AddressVerificationQuery['addressVerification']>;
export type Suggestion = NonNullable<Verification['address']>;

interface Props {
  readonly isAccepted: boolean;
  readonly isChecking: boolean;
  readonly verification?: Verification;
  readonly error?: Error;
  readonly onAccept: (suggestion: Suggestion) => void;
}

/** Says whether the address can be delivered to, and offers its standardized form. Changes are announced. */
export function VerificationNote(props: Props) {
  return (
    <div role="status" className="verification">
      <Outcome {...props} />
    </div>
  );
}

function Outcome({ isAccepted, isChecking, verification, error, onAccept }: Props) {
  if (isAccepted) return <p className="note good">This address can be delivered to.</p>;
  if (isChecking) return <p className="note">Checking the address …</p>;
  if (error) return <p className="note warn">{explainError(error)} You can go on without the check.</p>;
  if (!verification) return null;
  const { status, address, changes } = verification;
  return (
    <>
      <VerificationStatus {...verification} />
      {status === 'CORRECTED' && address && (
        <SuggestedAddress address={address} changes={changes} onAccept={onAccept} />
      )}
    </>
  );
}

function VerificationStatus({ status, messages, failures }: Verification) {
  const [remark] = messages;
  switch (status) {
    case 'VERIFIED':
      return (
        <p className="note good">{remark ? sentence(remark.message) : 'This address can be delivered to.'}</p>
      );
    case 'CORRECTED':
      return <p className="note">The postal service writes this address a little differently.</p>;
    case 'AMBIGUOUS':
      return (
        <p className="note warn">{remark ? sentence(remark.message) : 'A part of the address is missing.'}</p>
      );
    case 'UNDELIVERABLE':
      return <p className="note bad">There is no such address. Check the street and the ZIP code.</p>;
    default: {
      const [failure] = failures;
      const reason = failure ? explainFailure(failure, 'check addresses') : 'This address can’t be checked.';
      return <p className="note warn">{reason} You can go on without the check.</p>;
    }
  }
}

interface SuggestedAddressProps extends Pick<Verification, 'changes'> {
  readonly address: Suggestion;
  readonly onAccept: (suggestion: Suggestion) => void;
}

/** The standardized address, with what it changes marked. */
function SuggestedAddress({ address, changes, onAccept }: SuggestedAddressProps) {
  const part = (field: 'street1' | 'street2' | 'city' | 'state' | 'postalCode') =>
    changes.some((change) => change.field === field) ? <mark>{address[field]}</mark> : address[field];
  return (
    <div className="suggestion">
      <address>
        {part('street1')}
        {address.street2 && <> {part('street2')}</>}
        <br />
        {part('city')}, {part('state')} {part('postalCode')}
      </address>
      <button type="button" className="secondary" onClick={() => onAccept(address)}>
        Use this address
      </button>
    </div>
  );
}
