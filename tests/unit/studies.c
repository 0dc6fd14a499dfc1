/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "tests/unit/studies.h"

const char study_base[] =
    "<study name='t' title='A  test'>\n"                                      /* 1 */
    "  <hosts link='1 Gbit/s'>\n"                                             /* 2 */
    "    <host name='a' cpu='0' uri='test:///a'/>\n"                          /* 3 */
    "    <host name='b' cpu='1' uri='test:///b'/>\n"                          /* 4 */
    "    <host name='d' cpu='none' uri='test:///d' migrate-uri='tcp://d'/>\n" /* 5 */
    "  </hosts>\n"                                                            /* 6 */
    "  <workload name='c' type='cpu'/>\n"                                     /* 7 */
    "  <workload name='m' type='memory' wss='64 MB' rate='100'/>\n"           /* 8 */
    "  <guest name='c1' workload='c'/>\n"                                     /* 9 */
    "  <guest name='c2' workload='c' host='b'/>\n"                            /* 10 */
    "  <guest name='m1' workload='m' memory='256 MiB'/>\n"                    /* 11 */
    "  <cases>\n"                                                             /* 12 */
    "    <sequence>c1 m1</sequence>\n"                                        /* 13 */
    "  </cases>\n"                                                            /* 14 */
    "  <migration stop-rule='xen-4.6'/>\n"                                    /* 15 */
    "  <timing baseline='5 s' window='20 s'/>\n"                              /* 16 */
    "</study>\n";

char *
study_with (const char *from, const char *to)
{
  const char *at = strstr (study_base, from);
  g_assert_nonnull (at);
  return g_strdup_printf ("%.*s%s%s", (int) (at - study_base), study_base, to, at + strlen (from));
}

MigStudy *
study_parse_good (const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *xml = study_with (from, to);
  MigStudy *study = mig_study_parse (xml, strlen (xml), "t.xml", &error);
  g_assert_no_error (error);
  g_assert_nonnull (study);
  return study;
}

void
study_assert_bad (const char *xml, gsize size, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (mig_study_parse (xml, size, "t.xml", &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_null (mig_study_parse (xml, size, "t.xml", NULL));
}

void
study_check_bad (const StudyBad *bad, gsize count)
{
  for (gsize i = 0; i < count; i++)
    {
      g_autofree char *xml = study_with (bad[i].from, bad[i].to);
      study_assert_bad (xml, strlen (xml), bad[i].message);
    }
}
