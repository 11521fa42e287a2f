import { alias } from '../config/account.ts';
import { throwIfInvalid, type UserError } from '../domain/errors.ts';
import type { LedgerTenant } from '../domain/tenant.ts';

const maxNameLength = 100;

/** Validates a new tenant. Throws an `InputError`. */
export function checkTenantInput({ id, name }: Pick<LedgerTenant, 'id' | 'name'>): void {
  const errors: UserError[] = [];
  const add = (field: string, message: string) =>
    errors.push({ code: 'INVALID', field: ['input', field], message });
  const { error } = alias.safeParse(id);
  if (error) add('id', error.issues[0]!.message);
  if (name.trim() === '' || name.length > maxNameLength)
    add('name', `must have 1 to ${maxNameLength} characters`);
  throwIfInvalid(errors);
}
