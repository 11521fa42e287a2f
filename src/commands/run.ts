/** Runs a command. Why it can't be done is told in a sentence, with the usage where a flag is wrong, and its exit status is 1. */
export function run(main: () => Promise<void>, usage?: string): void {
  main().catch((error: unknown) => {
    const isFlag = (error as { code?: unknown }).code?.toString().startsWith('ERR_PARSE_ARGS_');
    console.error(error instanceof Error ? error.message : String(error));
    if (isFlag && usage) console.error(usage);
    process.exitCode = 1;
  });
}
