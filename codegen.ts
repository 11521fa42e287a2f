import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

const scalars = {
  ID: 'string',
  DateTime: 'string',
  LocalDateTime: 'string',
  Date: 'string',
  Decimal: 'string',
  CountryCode: 'string',
  CurrencyCode: 'string',
  URL: 'string',
  JSON: 'unknown',
};

/**
 * Generates the types of resolvers from `schema/`, so that a resolver that does not match the schema fails to compile, and the
 * documents of the client and of the storefront with their types.
 */
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
          MailJob: '../resolvers/operations/mail-jobs.ts#MailJobSource',
          ProviderAccount: '../accounts/account.ts#Account',
          ProviderFailure: '../accounts/account.ts#AccountFailure',
          ProviderUsage: '../storage/usage.ts#Usage',
          ProviderQuota: '../transport/quota-window.ts#Quota',
          ProviderBreaker: '../transport/breaker.ts#Breaker',
          Rate: '../resolvers/rates/sealed-rate.ts#SealedRate',
          Shipment: '../storage/shipments.ts#StoredShipment',
          Pickup: '../storage/records/operations.ts#StoredOperation',
          Manifest: '../storage/records/operations.ts#StoredOperation',
          ShipmentPurchasePlan: '../resolvers/shipments/purchase-plan.ts#PlannedPurchase',
          ShipmentConnection: '../resolvers/shipments/shipment-page.ts#ShipmentConnectionSource',
          PickupConnection: '../resolvers/operations/operation-page.ts#OperationConnectionSource',
          ManifestConnection: '../resolvers/operations/operation-page.ts#OperationConnectionSource',
          ShipmentEvent: '../resolvers/shipments/shipments.ts#ShipmentEventSource',
          Refund: '../storage/tables.ts#StoredRefund',
          ShippedParcel: '../resolvers/shipments/shipments.ts#ShippedParcelSource',
          Tenant: '../accounts/account.ts#Caller',
          Diagnostic: '../resolvers/accounts/account-changes.ts#AccountDiagnostic',
          ApiKey: '../storage/tables.ts#ApiKeyRow',
          WebhookEndpoint: '../storage/tables.ts#WebhookEndpointRow',
          WebhookDelivery: '../storage/tables.ts#WebhookDeliveryRow',
          WebhookDeliveryConnection: '../resolvers/webhooks/endpoints.ts#DeliveryConnectionSource',
          Tracker: '../loaders/trackers.ts#KnownTracker',
          TrackingEvent: '../resolvers/tracking/trackers.ts#TrackingEventSource',
        },
        scalars,
      },
    },
    'packages/client/src/generated/': {
      schema: 'src/generated/subgraph.graphql',
      documents: 'packages/client/operations/*.graphql',
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        immutableTypes: true,
        useTypeImports: true,
        scalars,
      },
    },
    'examples/storefront/src/generated/': {
      schema: 'src/generated/subgraph.graphql',
      documents: 'examples/storefront/src/operations.graphql',
      preset: 'client',
      // The shop's server sends these texts, with what Apollo Client's cache needs, and no others.
      presetConfig: { fragmentMasking: false, persistedDocuments: true },
      documentTransforms: [addTypenameSelectionDocumentTransform],
      config: {
        enumsAsTypes: true,
        immutableTypes: true,
        useTypeImports: true,
        scalars: { ...scalars, Decimal: '`${number}`' },
      },
    },
  },
};

export default config;
