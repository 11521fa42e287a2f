import { useQuery } from '@apollo/client/react';

import { LabelPdfDocument, type ShipmentFragment } from '../generated/graphql.ts';

/** The link to a document on this server, which forwards it. */
const pathOf = (url: string) => new URL(url).pathname;

type Refund = NonNullable<ShipmentFragment['refund']>;
const refunds: Readonly<Record<Refund['status'], string>> = {
  REQUESTED: 'The refund is requested. The carrier decides within days or weeks.',
  REFUNDED: 'The price is refunded.',
  REFUSED: 'The carrier refused the refund.',
  NOT_APPLICABLE: 'The label was never charged, so there is nothing to refund.',
};

/** The label as an image, with the PDF to print; or what became of it. */
export function Label({ shipment: { id, label, refund, trackingNumber } }: { shipment: ShipmentFragment }) {
  const { data } = useQuery(LabelPdfDocument, { variables: { shipmentId: id }, skip: !label });
  const pdf = data?.labelDocument?.url;
  return (
    <>
      <p role="status">{refund && refunds[refund.status]}</p>
      {label && (
        <img
          className="label"
          src={pathOf(label.url)}
          alt={`Shipping label${trackingNumber ? ` of parcel ${trackingNumber}` : ''}`}
          width="812"
          height="1218"
        />
      )}
      {label && pdf && (
        <a className="button" href={pathOf(pdf)} target="_blank" rel="noopener">
          Print the label (PDF)
        </a>
      )}
    </>
  );
}
