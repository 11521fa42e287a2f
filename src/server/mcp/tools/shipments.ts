import { addressFields, count, failureFields, reads, showMoney, type Money, type Tool } from './tool.ts';

interface Shipment {
  readonly id: string;
  readonly status: string;
  readonly price: Money | null;
  readonly parcels: readonly {
    readonly trackingNumber: string | null;
    readonly refund: { readonly status: string } | null;
  }[];
}

const shipmentFields = /* GraphQL */ `
  fragment ShipmentFields on Shipment {
    id
    status
    account {
      id
    }
    carrier
    service {
      code
      name
    }
    from {
      ...AddressFields
    }
    to {
      ...AddressFields
    }
    price {
      amount
      currencyCode
    }
    parcels {
      status
      trackingNumber
      label {
        format
        url
        expiresAt
      }
      refund {
        status
      }
    }
    reference
    failure {
      ...FailureFields
    }
    createdAt
  }
  ${addressFields}
  ${failureFields}
`;

/** The fields of a mutation's payload, which have the same names for a purchase and a void. */
const payloadFields = `shipment { ...ShipmentFields } userErrors { code field message } failure { ...FailureFields }`;

export const getShipment: Tool<{ readonly shipment: Shipment | null }> = {
  name: 'get_shipment',
  title: 'Get a shipment',
  description:
    'Returns a shipment that was bought: its status, tracking numbers, and new links to its labels.',
  annotations: { ...reads, openWorldHint: false },
  document: /* GraphQL */ `
    query GetShipment($id: ID!) {
      shipment(id: $id) {
        ...ShipmentFields
      }
    }
    ${shipmentFields}
  `,
  summarize: ({ shipment }) => (shipment ? describeShipment(shipment) : 'You have no shipment with this id.'),
};

export const voidShipment: Tool<{ readonly shipmentVoid: { readonly shipment: Shipment | null } }> = {
  name: 'void_shipment',
  title: 'Void a shipment',
  description:
    'Voids the labels of a shipment that was bought and not sent, and asks for their refund. It cannot be undone. Repeated calls return the present state.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  document: /* GraphQL */ `
    mutation VoidShipment($id: ID!) {
      shipmentVoid(input: { id: $id }) {
        ${payloadFields}
      }
    }
    ${shipmentFields}
  `,
  summarize: ({ shipmentVoid: { shipment } }) =>
    shipment ? describeShipment(shipment) : 'Nothing was voided.',
};

export const planPurchase: Tool<{
  readonly shipmentPurchasePlan: {
    readonly rate: { readonly carrier: string; readonly service: { readonly name: string } };
    readonly maxPrice: Money;
    readonly from: Readonly<Record<string, unknown>>;
    readonly to: Readonly<Record<string, unknown>>;
    readonly parcels: readonly unknown[];
    readonly expiresAt: string;
  };
}> = {
  name: 'plan_purchase',
  title: 'Plan the purchase of labels',
  description:
    'The first of two steps to buy: checks the purchase of a rate and returns a plan with its price, sender and recipient. It buys nothing. Show the plan to the person whom you work for; confirm_purchase buys it within ten minutes.',
  annotations: { readOnlyHint: true, openWorldHint: false },
  document: /* GraphQL */ `
    query PlanPurchase(
      $rateId: ID!
      $from: AddressInput
      $to: AddressInput
      $label: LabelInput
      $reference: String
    ) {
      shipmentPurchasePlan(
        input: { rateId: $rateId, from: $from, to: $to, label: $label, reference: $reference }
      ) {
        planId: id
        expiresAt
        maxPrice {
          amount
          currencyCode
        }
        rate {
          account {
            id
            environment
          }
          carrier
          service {
            code
            name
          }
          estimatedDays
          estimatedDeliveryDate
        }
        from {
          ...AddressFields
        }
        to {
          ...AddressFields
        }
        parcels {
          weight {
            value
            unit
          }
          dimensions {
            length
            width
            height
            unit
          }
          packaging
        }
        labelFormat
        reference
      }
    }
    ${addressFields}
  `,
  summarize({ shipmentPurchasePlan: { rate, maxPrice, from, to, parcels, expiresAt } }) {
    const what = `${count(parcels, 'label')} for ${rate.service.name} (${rate.carrier})`;
    return `Nothing is bought yet. The plan is to buy ${what} for at most ${showMoney(maxPrice)}, from ${describeParty(from)} to ${describeParty(to)}. To buy it, call confirm_purchase with its planId before ${expiresAt}.`;
  },
};

export const confirmPurchase: Tool<{
  readonly shipmentPurchaseConfirm: { readonly shipment: Shipment | null };
}> = {
  name: 'confirm_purchase',
  title: 'Buy what was planned',
  description:
    'The second of two steps to buy: buys the labels of a plan, which costs money. Call it only for a plan that was approved. Where its answer is lost or says UNCERTAIN, call it again with the same planId: it buys once.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  document: /* GraphQL */ `
    mutation ConfirmPurchase($planId: ID!) {
      shipmentPurchaseConfirm(input: { planId: $planId }) {
        ${payloadFields}
      }
    }
    ${shipmentFields}
  `,
  summarize({ shipmentPurchaseConfirm: { shipment } }) {
    if (shipment?.status === 'PURCHASED' || shipment?.status === 'VOIDED') return describeShipment(shipment);
    if (shipment && shipment.status !== 'FAILED') {
      return `Shipment ${shipment.id} is ${shipment.status}: whether it was bought is not known yet. Call confirm_purchase again with the same planId, and plan no other purchase for this parcel.`;
    }
    return 'Nothing was bought.';
  },
};

function describeShipment({ id, status, price, parcels }: Shipment): string {
  const numbers = parcels.flatMap(({ trackingNumber }) => trackingNumber ?? []);
  const refunds = parcels.flatMap(({ refund }) => refund?.status ?? []);
  return [
    `Shipment ${id} is ${status}`,
    price && `charged ${showMoney(price)}`,
    numbers.length > 0 && `tracking number ${numbers.join(', ')}`,
    refunds.length > 0 && `refund ${refunds.join(', ')}`,
  ]
    .filter(Boolean)
    .join('; ')
    .concat('.');
}

/** The parts of an address on one line, in quotation marks: they are the caller's own words. */
const describeParty = ({ residential: _, ...address }: Readonly<Record<string, unknown>>) =>
  JSON.stringify(Object.values(address).filter(Boolean).join(', '));
