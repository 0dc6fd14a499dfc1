/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "plan/fleet-column.h"
#include "plan/fleet-columns.h"
#include "plan/fleet-reader.h"
#include "plan/fleet-text.h"
#include "plan/fleet-tools.h"

static const char *const openstack_heads[] = { "ID", "Name", NULL };
static const char *const rvtools_heads[] = { "VM", "Host", NULL };

typedef enum { FROM_SHEET, FROM_JSON, FROM_TEXT } Shape;

static const struct {
  const char *name;
  Shape shape; /* a list in brackets is JSON in any case */
  const char *const *heads;
  gboolean (*read) (MigFleetReader *reader);
} formats[] = {
  { "csv", FROM_SHEET, NULL, NULL },
  { "nova", FROM_SHEET, openstack_heads, mig_fleet_read_nova },
  { "virsh", FROM_TEXT, NULL, mig_fleet_read_virsh },
  { "proxmox", FROM_JSON, NULL, mig_fleet_read_proxmox },
  { "kubevirt", FROM_JSON, NULL, mig_fleet_read_kubevirt },
  { "rvtools", FROM_SHEET, rvtools_heads, mig_fleet_read_rvtools },
};

const char *
mig_fleet_format (guint index)
{
  return index < G_N_ELEMENTS (formats) ? formats[index].name : NULL;
}

static gboolean
any_name (const char *name)
{
  return *name != '\0';
}

static GPtrArray *
entries_of (guint format, const char *text, const char *label, GError **error)
{
  gboolean json = strchr ("[{", text[strspn (text, " \t\r\n")]) != NULL && *text;

  if (formats[format].shape == FROM_JSON || (json && formats[format].shape != FROM_TEXT))
    return mig_fleet_entries_json (text, label, error);
  if (formats[format].shape == FROM_TEXT)
    return mig_fleet_entries_text (text, label, error);
  char separator = 0;
  g_autoptr (MigSheet) sheet = mig_sheet_parse (text, label, any_name, &separator, error);
  return sheet && sheet->rows->len > 0 ? mig_fleet_entries_csv (sheet, formats[format].heads)
                                       : NULL;
}

/* read_tool: what a tool printed. */
static gboolean
read_tool (MigFleetDraft *draft, guint format, const char *text, const char *label, GError **error)
{
  g_autoptr (GPtrArray) entries = entries_of (format, text, label, error);
  MigFleetReader self = { .draft = draft, .label = label, .entries = entries, .error = error };

  if (!entries || !formats[format].read (&self))
    return FALSE;
  if (draft->rows->len == 0)
    return mig_sheet_error (error, label, 1, "no VM and no host was found as %s prints them",
                            formats[format].name);
  mig_fleet_reader_say_skipped (&self);
  mig_fleet_draft_complete (draft);
  mig_fleet_text_recognise (draft->recognised, "what %s prints", formats[format].name);
  return TRUE;
}

static gboolean
read_sheet (MigFleetDraft *draft, const char *text, const char *label, char **units, GError **error)
{
  char separator = 0;
  g_autoptr (MigSheet)
      sheet = mig_sheet_parse (text, label, mig_fleet_column_known, &separator, error);

  if (!sheet)
    return FALSE;
  if (separator != ',')
    mig_fleet_text_recognise (draft->recognised, "separated by %s",
                              separator == ';'    ? "semicolons"
                              : separator == '\t' ? "tabs"
                                                  : "another character");
  return mig_fleet_columns_read (draft, sheet, units, error);
}

gboolean
mig_fleet_read (MigFleetDraft *draft, const char *format, const char *text, const char *label,
                char **units, GError **error)
{
  guint i = 0;

  while (format && i < G_N_ELEMENTS (formats) && strcmp (formats[i].name, format) != 0)
    i++;
  if (i == G_N_ELEMENTS (formats))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "--read-as: unknown format '%s'; expected csv, nova, virsh, proxmox, kubevirt "
                   "or rvtools",
                   format);
      return FALSE;
    }
  return i > 0 ? read_tool (draft, i, text, label, error)
               : read_sheet (draft, text, label, units, error);
}
