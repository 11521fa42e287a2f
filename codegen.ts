import type { CodegenConfig } from '@graphql-codegen/cli';

/** Resolver types from the promise in `schema/`, so that a resolver which breaks it does not compile. */
const config: CodegenConfig = {
  schema: ['schema/*.graphql'],
  generates: {
    'src/generated/resolvers-types.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        federation: true,
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        contextType: '../context.ts#Context',
        mappers: {
          MailJob: '../resolvers/mail.ts#JobOf',
          ProviderAccount: '../context.ts#Account',
          ProviderFailure: '../resolvers/provider.ts#Failure',
          ProviderQuota: '../transport/quota.ts#Quota',
          Rate: '../resolvers/rate.ts#OpenRate',
          Shipment: '../ledger/shipments.ts#StoredShipment',
          Pickup: '../ledger/errands.ts#StoredErrand',
          Manifest: '../ledger/errands.ts#StoredErrand',
          ShipmentEvent: '../resolvers/shipment.ts#EventOfShipment',
          Refund: '../ledger/tables.ts#StoredRefund',
          ShippedParcel: '../resolvers/shipment.ts#ParcelOf',
          Tracker: '../loaders/trackers.ts#KnownTracker',
          TrackingEvent: '../resolvers/tracking.ts#EventOf',
        },
        scalars: {
          ID: 'string',
          DateTime: 'string',
          LocalDateTime: 'string',
          Date: 'string',
          Decimal: 'string',
          CountryCode: 'string',
          CurrencyCode: 'string',
          URL: 'string',
        },
      },
    },
  },
};

export default config;
