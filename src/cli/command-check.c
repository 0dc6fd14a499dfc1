/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>

#include "cli/changed-study.h"
#include "cli/command.h"
#include "hosts/session.h"
#include "check/check.h"

static gboolean as_json;
static char *scale;
static MigMigrationOptions migration;

static const GOptionEntry entries[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "machine-readable", NULL },
  { "scale", 0, 0, G_OPTION_ARG_STRING, &scale,
    "share of memory and windows, like 1/4 (default: the study's)", "SCALE" },
  MIG_STUDY_MIGRATION_ENTRIES (migration),
  { NULL },
};

static const char *const levels[] = { "PASS", "NOTE", "WARN", "FAIL" };
static const char *const level_ids[] = { "pass", "note", "warn", "fail" };

static void
add_text (const GPtrArray *checks, GString *out)
{
  for (guint i = 0; i < checks->len; i++)
    {
      const MigCheck *check = g_ptr_array_index ((GPtrArray *) checks, i);
      g_string_append_printf (out, "%s  %-12s %-16s %s\n", levels[check->level], check->subject,
                              check->topic, check->finding);
      if (check->hint)
        g_string_append_printf (out, "                                    -> %s\n", check->hint);
    }
}

static void
add_json (const GPtrArray *checks, GString *out)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < checks->len; i++)
    {
      const MigCheck *check = g_ptr_array_index ((GPtrArray *) checks, i);
      const struct {
        const char *name, *value;
      } members[] = { { "level", level_ids[check->level] },
                      { "subject", check->subject },
                      { "check", check->topic },
                      { "finding", check->finding },
                      { "hint", check->hint } };
      json_builder_begin_object (builder);
      for (guint m = 0; m < G_N_ELEMENTS (members); m++)
        {
          json_builder_set_member_name (builder, members[m].name);
          if (members[m].value)
            json_builder_add_string_value (builder, members[m].value);
          else
            json_builder_add_null_value (builder);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, TRUE);
  g_string_append_printf (out, "%s\n", text);
}

/* The lab's link carries what it was shaped to, or it does not: every start measures it. */
static void
check_link (GPtrArray *checks, const MigLab *lab)
{
  guint64 rate = mig_lab_link_rate (lab), measured = mig_lab_link_rate_measured (lab);

  if (rate == 0 || measured == 0)
    return;
  g_autofree char *wanted = mig_units_format_rate ((gint64) rate);
  g_autofree char *got = mig_units_format_rate ((gint64) measured);
  gboolean slow = measured < rate / 10 * 9;
  mig_check_add (
      checks, slow ? MIG_CHECK_WARN : MIG_CHECK_PASS, "lab", "link",
      g_strdup_printf ("%s measured of %s", got, wanted),
      slow ? g_strdup (
                 "stop other work on this machine, or give the study a slower <hosts link='...'>")
           : NULL);
}

gboolean
mig_command_check (int argc, char **argv, GString *out, int *status, GError **error)
{
  g_autofree GOptionEntry *all = mig_session_with_options (entries);

  if (!mig_command_parse (&argc, &argv, all, "[STUDY]",
                          "Checks that a study (default: load-balancing) can run on its hosts, "
                          "without starting its guests.",
                          "Without hosts it checks the lab, which it starts and ends for that.", 0,
                          1, error))
    return FALSE;
  g_autoptr (MigStudy) study = mig_changed_study_load (argc > 1 ? argv[1] : "load-balancing", scale,
                                                       &migration, error);
  if (!study)
    return FALSE;
  g_autoptr (MigSession) session = mig_session_open (study, &mig_session_options, error);
  if (!session)
    return FALSE;
  g_autoptr (GPtrArray) checks = mig_check_hosts (study, session->hosts, NULL);
  if (session->lab)
    check_link (checks, session->lab);
  (as_json ? add_json : add_text) (checks, out);
  if (!mig_check_error (checks, FALSE, NULL))
    *status = MIG_EXIT_FAILED;
  return TRUE;
}
