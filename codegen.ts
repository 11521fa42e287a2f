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
        contextType: '../auth/context.ts#Context',
        mappers: {
          MailJob: '../resolvers/operations/mail.ts#MailJobSource',
          ProviderAccount: '../accounts/account.ts#Account',
          ProviderFailure: '../resolvers/provider.ts#Failure',
          ProviderQuota: '../transport/quota.ts#Quota',
          Rate: '../resolvers/rate.ts#OpenRate',
          Shipment: '../storage/shipments.ts#StoredShipment',
          Pickup: '../workflows/operations.ts#StoredOperation',
          Manifest: '../workflows/operations.ts#StoredOperation',
          ShipmentEvent: '../resolvers/shipments/shipment.ts#ShipmentEventSource',
          Refund: '../storage/tables.ts#StoredRefund',
          ShippedParcel: '../resolvers/shipments/shipment.ts#ShippedParcelSource',
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
