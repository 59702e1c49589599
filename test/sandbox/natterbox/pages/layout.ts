import { Html, html } from './html.ts';

const style = `
:root{color-scheme:light;--blue:#0b5cab;--ink:#181818;--quiet:#565656;--line:#d8dde6;--ground:#f3f4f7;--violet:#5b3df0}
*{box-sizing:border-box}
body{margin:0;font:14px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
a{color:var(--blue)}
h1{font-size:1.25rem;margin:0}h2{font-size:1rem;margin:0 0 .5rem}
header.app{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;align-items:center;background:#fff;border-bottom:3px solid var(--violet);padding:.6rem 1.25rem}
header.app strong{margin-right:.5rem}
header.app nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem}
header.app nav a{text-decoration:none;padding:.25rem 0}
header.app nav a[aria-current]{font-weight:600;box-shadow:inset 0 -2px var(--blue)}
header.app .who{margin-left:auto;color:var(--quiet)}
main{padding:1rem 1.25rem}
main.frame{padding:0}
iframe{display:block;width:100%;height:calc(100vh - 3.6rem);border:0;background:#fff}
.head{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between;margin-bottom:1rem}
.head>div:last-child{display:flex;gap:.5rem;flex-wrap:wrap}
section p{margin:0}section p+p{margin-top:.6rem}
h1 .badge{font-size:.75rem;font-weight:400;vertical-align:middle}
section{background:#fff;border:1px solid var(--line);border-radius:6px;padding:1rem;margin-bottom:1rem}
.scroll{overflow-x:auto;background:#fff;border:1px solid var(--line);border-radius:6px}
table{width:100%;border-collapse:collapse}
caption{text-align:left;padding:.6rem .8rem;color:var(--quiet)}
th,td{text-align:left;padding:.45rem .8rem;border-top:1px solid var(--line);white-space:nowrap}
th{font-weight:600;background:#fafaf9}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.25rem;margin:0}
dt{color:var(--quiet)}dd{margin:0}
.button,button{font:inherit;display:inline-block;padding:.35rem .9rem;border:1px solid #747474;border-radius:4px;background:#fff;color:var(--blue);text-decoration:none;cursor:pointer}
.button.main,button.main{background:var(--blue);border-color:var(--blue);color:#fff}
.badge{padding:.05rem .5rem;border-radius:1rem;font-size:.85em}
.badge.on{background:#d9f2e1;color:#0b5a28}.badge.off{background:#ececec;color:#444}
.quiet{color:var(--quiet)}
input,select{font:inherit;padding:.3rem .5rem;border:1px solid #747474;border-radius:4px}
.notice{border-left:4px solid var(--blue);background:#eef4fb;padding:.5rem .8rem;margin:0 0 1rem}
`;

const document = (title: string, body: Html): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} | Natterbox</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>${body}</body>
</html>`.text;

/** Tabs of the application, as paths of the Lightning host. */
export const tabs = [
  { path: '/lightning/o/nbavs__User__c/list', name: 'Natterbox Users' },
  { path: '/lightning/o/nbavs__Group__c/list', name: 'Groups' },
  { path: '/lightning/o/nbavs__PhoneNumber__c/list', name: 'Phone Numbers' },
  { path: '/lightning/o/nbavs__Device__c/list', name: 'Devices' },
  { path: '/sandbox/licences', name: 'User Licenses' },
];

/** A page of the Lightning host: the application's header, and either content or a frame. */
export const shell = (page: {
  title: string;
  tab: string;
  viewer: string;
  content: Html;
  framed?: boolean;
}): string =>
  document(
    page.title,
    html`<header class="app"><strong>Natterbox</strong>
<nav aria-label="Tabs">${tabs.map(
      ({ path, name }) =>
        html`<a href="${path}"${path === page.tab ? html` aria-current="page"` : ''}>${name}</a>`,
    )}</nav>
<span class="who">${page.viewer}</span></header>
<main class="${page.framed ? 'frame' : ''}">${page.content}</main>`,
  );

/**
 * A page of the package on the Visualforce host, as it stands in a frame. `viewer`: the Salesforce user whom it is made
 * for, in the script that Salesforce puts into such pages; none where nobody is signed in.
 */
export const visualforce = (title: string, viewer: string | undefined, content: Html): string =>
  document(
    title,
    html`${
      viewer !== undefined &&
      new Html(
        `<script>var UserContext={initialize:function(c){this.c=c}};UserContext.initialize({"locale":"en_US","userId":"${viewer.slice(0, 15)}"});</script>`,
      )
    }<main>${content}</main>`,
  );
