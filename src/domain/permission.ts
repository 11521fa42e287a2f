/** What a caller may do, in the words of the schema's `@requiresScopes`. */
export const permissions = [
  'rates:read',
  'addresses:read',
  'tracking:read',
  'labels:write',
  'pickups:write',
  'mail:write',
  'admin',
] as const;

export type Permission = (typeof permissions)[number];

/** The permissions that concern the caller's own tenant: all but `admin`, which is for the tenants of this server. */
export const tenantPermissions: readonly Permission[] = permissions.filter((name) => name !== 'admin');
