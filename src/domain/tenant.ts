/** What an account keeps as long as it exists: purchases under way are completed with it. */
export interface AccountIdentity {
  readonly provider: string;
  readonly environment: string;
}

/** A provider account as it is set at run time. */
export interface AccountInput extends AccountIdentity {
  readonly id: string;
  /** The settings besides the credentials, as the tenants file has them. */
  readonly options: object;
  readonly credentials: unknown;
}

/** A tenant that was created at run time, as the ledger keeps it. */
export interface LedgerTenant {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly isDeleted: boolean;
  /** By id. A removed account is listed until its credentials are erased. */
  readonly accounts: readonly LedgerAccount[];
}

export interface LedgerAccount extends AccountInput {
  /** Counts the changes of the account. */
  readonly version: number;
  /** Undefined where they can't be decrypted. */
  readonly credentials: unknown;
  readonly isRemoved: boolean;
}
