import { count, failureFields, reads, type Tool } from './tool.ts';

interface Data {
  readonly trackers: readonly { readonly trackingNumber: string; readonly status: string }[];
}

export const trackParcels: Tool<Data> = {
  name: 'track_parcels',
  title: 'Track parcels',
  description: 'Returns where parcels are: the status of each, its events, and the expected delivery.',
  annotations: reads,
  document: /* GraphQL */ `
    query TrackParcels($numbers: [TrackingNumberInput!]!, $maxAgeSeconds: Int) {
      trackers(numbers: $numbers, maxAgeSeconds: $maxAgeSeconds) {
        trackingNumber
        carrier
        status
        untrustedStatusText: statusText
        estimatedDelivery
        estimatedDeliveryDate
        untrustedSignedBy: signedBy
        events {
          status
          untrustedDescription: description
          occurredAt
          occurredAtLocal
          untrustedLocation: location {
            city
            state
            postalCode
            country
          }
        }
        asOf
        stale
        failure {
          ...FailureFields
        }
      }
    }
    ${failureFields}
  `,
  summarize: ({ trackers }) =>
    `${count(trackers, 'parcel')}: ${trackers.map(({ status }) => status).join(', ')}.`,
};
