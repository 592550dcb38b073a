/** What every package exports: written when the page is bundled, so that none is forgotten (see `main.ts`). */
declare module 'every-package' {
  export const PACKAGES: readonly Readonly<Record<string, unknown>>[];
}
