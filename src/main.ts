import { setFlagsFromString } from 'node:v8';

import './compile-cache.mjs';

// Loading grows the young generation of the heap to 64 MB, which an idle server would keep. It grows later, with requests.
setFlagsFromString('--semi-space-growth-factor=1');
// After one large answer V8 would allocate what such answers consist of in the old generation, also for small ones.
setFlagsFromString('--no-allocation-site-pretenuring');
// Imported once the cache is in use: static imports are compiled before any of them runs.
const { serve } = await import('./serve.ts');
await serve();
setFlagsFromString('--semi-space-growth-factor=2');
// V8 would optimize a function that is called 3,000 times. A server serves thousands of requests until then.
setFlagsFromString('--invocation-count-for-turbofan=300');
// V8 would drop optimized code in a pause of eight seconds, and optimize it anew while it serves the requests that follow.
setFlagsFromString('--memory-reducer-gc-count=0');
