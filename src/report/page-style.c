/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/number.h"
#include "report/page-style.h"
#include "report/svg.h"

/* What does not depend on the colours. Figures keep a size at which their letters can be read;
 * where the page is narrower, they are scrolled. */
static const char style[] =
    "*{box-sizing:border-box}"
    "body{margin:0 auto;padding:1.25rem;max-width:78rem;background:var(--paper);color:var(--ink);"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}"
    "h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0}h2{font-size:1.3rem;margin:2.2rem 0 .6rem;"
    "padding-top:.6rem;border-top:1px solid var(--line)}h3{font-size:1.05rem;margin:1.4rem 0 .3rem}"
    "p,ul{margin:.5rem 0;max-width:52rem}ul{padding-left:1.3rem}li{margin:.25rem 0}"
    "a{color:var(--c1)}nav{margin:.8rem 0;display:flex;flex-wrap:wrap;gap:.2rem "
    "1rem;font-size:.9rem}"
    ".meta{color:var(--soft);font-size:.9rem}"
    ".answer{font-size:1.1rem;border-left:4px solid var(--c1);padding:.4rem "
    ".9rem;background:var(--panel)}"
    ".warn{border-left:4px solid var(--c2);padding:.4rem "
    ".9rem;background:var(--panel);max-width:52rem}"
    ".verdict{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 "
    ".6rem;"
    "font-size:.82rem;white-space:nowrap}.supported{color:var(--c3)}.not-supported{color:var(--c2)}"
    ".open{color:var(--soft)}"
    ".figures{display:grid;gap:1.6rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),"
    "1fr))}"
    "figure{margin:0;min-width:0}figure h3{margin-top:0}figure "
    "svg{display:block;width:100%;height:auto;"
    "max-width:44rem}figcaption{color:var(--soft);font-size:.86rem;max-width:44rem}"
    ".scroll{overflow-x:auto;max-width:100%}.scroll.wide svg{min-width:44rem;max-width:64rem}"
    "svg text{font-family:inherit}svg.change{vertical-align:middle}"
    "table{border-collapse:collapse;font-size:.88rem;margin:.5rem "
    "0;font-variant-numeric:tabular-nums}"
    "th,td{padding:.22rem .7rem .22rem 0;text-align:left;vertical-align:top;border-bottom:1px "
    "solid var(--line)}"
    "th{color:var(--soft);font-weight:600;border-bottom:2px solid var(--line)}.r{text-align:right}"
    ".r,td:first-child{white-space:nowrap}td "
    ".verdict{white-space:normal;border-radius:.7rem}.facts table{font-size:.8rem}.facts td,.facts "
    "th{padding-right:.5rem}.facts td:nth-child(2){min-width:9rem}"
    "details{margin:.5rem 0}summary{cursor:pointer;padding:.2rem "
    "0}footer{margin-top:3rem;color:var(--soft);"
    "font-size:.86rem}"
    "@media (max-width:40rem){body{padding:.8rem;font-size:15px}h1{font-size:1.35rem}}"
    "@media "
    "print{nav{display:none}body{max-width:none;padding:0;font-size:10pt}figure,tr{break-inside:"
    "avoid}"
    "h2,h3{break-after:avoid}.scroll{overflow:visible}table{font-size:8pt}"
    ".figures{display:block}figure{margin-bottom:.6cm}figure svg{max-width:12cm}"
    ".scroll.wide svg{min-width:0;max-width:15cm}"
    "details::details-content{content-visibility:visible;height:auto}}";

static void
append_scheme (GString *out, gboolean dark)
{
  for (guint i = 0; i < MIG_N_COLOURS; i++)
    {
      const MigColour *colour = mig_colour (i);
      g_string_append_printf (out, "--%s:%s;", colour->variable,
                              dark ? colour->dark : colour->light);
    }
  g_string_append (out, dark ? "--soft:#a7afb8;--line:#353b42;--panel:#1d2227;"
                             : "--soft:#5a626b;--line:#d9dde2;--panel:#f4f6f8;");
}

void
mig_page_begin (const char *title, GString *out)
{
  g_autofree char *clean = mig_text_clean (title);
  g_autofree char *escaped = g_markup_escape_text (clean, -1);

  g_string_append (out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                        "<meta name=\"color-scheme\" content=\"light dark\">\n");
  g_string_append_printf (out, "<title>%s</title>\n<style>\n:root{", escaped);
  append_scheme (out, FALSE);
  g_string_append (out, "}\n@media screen and (prefers-color-scheme:dark){:root{");
  append_scheme (out, TRUE);
  g_string_append_printf (out, "}}\n%s\n</style>\n</head>\n<body>\n", style);
}
