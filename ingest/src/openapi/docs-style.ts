export const docsStyle = `
:root { color-scheme: light dark; --line: light-dark(#d0d5dd, #3a3f4a); --quiet: light-dark(#475467, #a9b0bd); --link: light-dark(#0b57d0, #8ab4f8); }
html { background: light-dark(#fff, #16181d); color: light-dark(#16181d, #eceef2); }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
nav a { padding: .25rem 0; }
a { color: var(--link); }
code { font-family: ui-monospace, monospace; font-size: .9em; }
small { color: var(--quiet); }
h2 { border-bottom: 1px solid var(--line); margin-top: 2.5rem; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; padding: .3rem .7rem; }
summary { cursor: pointer; padding: .2rem 0; }
summary span { color: var(--quiet); }
.method { display: inline-block; font-weight: 600; min-width: 4.5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-top: 1px solid var(--line); padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top; }
th { font-weight: normal; width: 14rem; max-width: 30vw; }
td div { margin-top: .2rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
`;
