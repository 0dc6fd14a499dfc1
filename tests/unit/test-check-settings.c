/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/libvirt.h>
#include <string.h>

#include "check/check-settings.h"

/* What the check says of settings that no technique of the study takes. */

/* look: at a study with this <migration> and what comes before it, which are lines 6 and 5. */
static GPtrArray *
look (const char *before, const char *migration)
{
  GPtrArray *checks = g_ptr_array_new_with_free_func (mig_check_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *xml = g_strdup_printf ("<study name='s'>\n"
                                          "<hosts><host name='a'/><host name='b'/></hosts>\n"
                                          "<workload name='w' type='idle'/>\n"
                                          "<guest name='g' workload='w'/>\n"
                                          "%s\n"
                                          "%s\n"
                                          "</study>",
                                          before, migration);
  g_autoptr (MigStudy) study = mig_study_parse (xml, strlen (xml), "s.xml", &error);

  g_assert_no_error (error);
  mig_check_settings (checks, study);
  return checks;
}

#define CASES "<cases><sequence>g</sequence></cases>"

static void
test_taken (void)
{
  static const char *const migrations[] = {
    "<migration/>",
    "<migration technique='multifd-zstd' connections='2'/>", /* the default, too */
    "<migration technique='xbzrle' cache='64 MiB'/>",
    "<migration technique='xbzrle' cache='0'/>",
    "<migration technique='auto-converge' throttle-initial='20' throttle-increment='10'/>",
    "<migration bandwidth='4 MiB/s' max-downtime='1 s' tls='yes'/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (migrations); i++)
    {
      g_autoptr (GPtrArray) checks = look (CASES, migrations[i]);
      g_assert_cmpuint (checks->len, ==, 0);
    }
}

static void
test_not_taken (void)
{
  static const struct {
    const char *migration, *topic, *technique;
  } given[] = {
    { "<migration connections='4'/>", "connections", "pre-copy" },
    { "<migration technique='post-copy' cache='64 MiB'/>", "cache", "post-copy" },
    { "<migration technique='multifd' throttle-initial='20'/>", "throttle-initial", "multifd" },
    { "<migration technique='xbzrle' throttle-increment='20'/>", "throttle-increment", "xbzrle" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      g_autoptr (GPtrArray) checks = look (CASES, given[i].migration);
      g_autofree char *finding = g_strdup_printf (
          "s.xml:6: %s has no effect: technique '%s' does not take it", given[i].topic,
          given[i].technique);
      g_assert_cmpuint (checks->len, ==, 1);
      const MigCheck *check = checks->pdata[0];
      g_assert_cmpint (check->level, ==, MIG_CHECK_WARN);
      g_assert_cmpstr (check->topic, ==, given[i].topic);
      g_assert_cmpstr (check->finding, ==, finding);
    }
}

/* Where the technique is swept, or the setting, one case that takes it is enough. */
static void
test_swept (void)
{
  g_autoptr (GPtrArray) some = look (CASES "<sweep parameter='technique' "
                                           "values='pre-copy, multifd'/>",
                                     "<migration connections='4'/>");
  g_autoptr (GPtrArray) none = look (CASES "<sweep parameter='connections' values='2, 4'/>",
                                     "<migration technique='pre-copy'/>");
  g_autoptr (GPtrArray) elsewhere = look ("<experiment name='e'>" CASES
                                          "<migration technique='multifd'/></experiment>"
                                          "<experiment name='f'>" CASES "</experiment>",
                                          "<migration connections='4'/>");

  g_assert_cmpuint (some->len, ==, 0);
  g_assert_cmpuint (none->len, ==, 1);
  g_assert_nonnull (strstr (((MigCheck *) none->pdata[0])->finding, "s.xml:5: connections"));
  g_assert_cmpuint (elsewhere->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (virInitialize (), ==, 0); /* before its parameters */
  g_test_add_func ("/check-settings/taken", test_taken);
  g_test_add_func ("/check-settings/not-taken", test_not_taken);
  g_test_add_func ("/check-settings/swept", test_swept);
  return g_test_run ();
}
