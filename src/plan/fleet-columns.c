/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "plan/fleet-column.h"
#include "plan/fleet-columns.h"
#include "plan/fleet-text.h"
#include "results/cell.h"

#define CELL_SHOWN 40

typedef struct {
  MigFleetDraft *draft;
  const MigSheet *sheet;
  const MigSheetRow *header;
  MigFleetColumn *columns;
  MigNumberStyle style;
  GError **error;
} Reader;

static gboolean
read_header (Reader *self)
{
  g_autoptr (GString) ignored = g_string_new (NULL);
  gboolean have_host = FALSE, have_vm = FALSE;

  for (guint i = 0; i < self->header->n; i++)
    {
      self->columns[i] = mig_fleet_column_find (self->header->cells[i]);
      const MigColumn *column = self->columns[i].column;
      for (guint j = 0; column && j < i; j++)
        if (self->columns[j].column == column)
          return mig_sheet_error (self->error, self->sheet->label, self->header->line,
                                  "duplicate column '%s'", column->name);
      have_host = have_host || (column && strcmp (column->name, "host") == 0);
      have_vm = have_vm || (column && strcmp (column->name, "vm") == 0);
      if (!column && *self->header->cells[i])
        g_string_append_printf (ignored, "%s'%s'", ignored->len ? ", " : "",
                                self->header->cells[i]);
    }
  g_autofree char *shown = mig_text_printable (ignored->str, 3 * CELL_SHOWN);
  if (ignored->len > 0)
    mig_fleet_text_recognise (self->draft->recognised, "ignored: %s", shown);
  if (have_host && have_vm)
    return TRUE;
  return mig_sheet_error (self->error, self->sheet->label, self->header->line,
                          "column '%s' is missing; expected the column names of a fleet, such as "
                          "vm,host,memory,cpus",
                          have_vm ? "host" : "vm");
}

/* take_units: what --unit says. */
static gboolean
take_units (Reader *self, char **units)
{
  for (guint i = 0; units && units[i]; i++)
    {
      g_auto (GStrv) parts = g_strsplit (units[i], "=", 2);
      const char *unit = NULL;
      for (guint j = 0; parts[0] && parts[1] && j < self->header->n; j++)
        if (self->columns[j].column && strcmp (self->columns[j].column->name, parts[0]) == 0 &&
            (unit = mig_quantity_unit (self->columns[j].kind, parts[1])))
          self->columns[j].unit = unit;
      if (unit)
        continue;
      g_set_error (self->error, MIG_ERROR, MIG_ERROR_USAGE,
                   "--unit: '%s' is not a column of the fleet and its unit; expected something "
                   "like memory=MiB, link=Gbit/s or cpu=share",
                   units[i]);
      return FALSE;
    }
  return TRUE;
}

/* look_at: what a cell says of how numbers are written, and of its column. */
static void
look_at (Reader *self, MigFleetColumn *column, const char *cell, guint line)
{
  g_autofree char *clean = mig_quantity_clean (cell);

  mig_quantity_look (&self->style, clean, line);
  if (g_ascii_isdigit (*clean) && strspn (clean, "0123456789.") == strlen (clean))
    column->most = fmax (column->most, g_ascii_strtod (clean, NULL));
}

/* check_row: as many cells as columns, and no comment. */
static gboolean
check_row (Reader *self, const MigSheetRow *row)
{
  if (row->hash)
    return mig_sheet_error (self->error, self->sheet->label, row->line,
                            "begins with #: a comment, or a VM of that name? Remove the line, or "
                            "write the name in quotes");
  if (row->n < self->header->n)
    return mig_sheet_error (self->error, self->sheet->label, row->line,
                            "%u cells where the first line has %u columns", row->n,
                            self->header->n);
  for (guint i = 0; i < row->n; i++)
    if (*row->cells[i] && (i >= self->header->n || !*self->header->cells[i]))
      return mig_sheet_error (self->error, self->sheet->label, row->line,
                              "cell %u holds '%.*s', but the first line has no column there", i + 1,
                              CELL_SHOWN, row->cells[i]);
  return TRUE;
}

static gboolean
is_comment (const Reader *self, const MigSheetRow *row)
{
  return row->hash && row->n != self->header->n;
}

static gboolean
look_at_all (Reader *self)
{
  for (guint r = 1; r < self->sheet->rows->len; r++)
    {
      const MigSheetRow *row = mig_sheet_row (self->sheet, r);
      if (is_comment (self, row))
        continue;
      if (!check_row (self, row))
        return FALSE;
      for (guint i = 0; i < self->header->n; i++)
        if (self->columns[i].column && self->columns[i].kind != MIG_KIND_NAME)
          look_at (self, &self->columns[i], row->cells[i], row->line);
    }
  const MigNumberStyle *style = &self->style;
  if (style->decimal_comma && style->grouping_comma)
    return mig_sheet_error (self->error, self->sheet->label, style->grouping_comma,
                            "the comma separates thousands here and decimals in line %u; expected "
                            "one of them",
                            style->decimal_comma);
  if (style->unclear && !style->decimal_comma && !style->grouping_comma)
    return mig_sheet_error (self->error, self->sheet->label, style->unclear,
                            "'%s' may have decimals or thousands behind its comma; expected a "
                            "number without a comma",
                            style->shown);
  if (style->decimal_comma)
    mig_fleet_text_recognise (self->draft->recognised, "decimal commas");
  if (style->grouping_comma)
    mig_fleet_text_recognise (self->draft->recognised, "commas between thousands");
  return TRUE;
}

static gboolean
has_column (const Reader *self, const char *name)
{
  for (guint i = 0; i < self->header->n; i++)
    if (g_ascii_strcasecmp (self->header->cells[i], name) == 0)
      return TRUE;
  return FALSE;
}

/* check_tool: a list of RVTools has its own units and templates. */
static gboolean
check_tool (Reader *self)
{
  return !has_column (self, "Powerstate") ||
         mig_sheet_error (self->error, self->sheet->label, self->header->line,
                          "this is a list of RVTools; read it with --read-as rvtools");
}

/* check_shares: what Proxmox calls cpu is a share of maxcpu. */
static gboolean
check_shares (Reader *self)
{
  gboolean proxmox = has_column (self, "vmid") || has_column (self, "maxcpu");
  const MigFleetColumn *cpu = NULL;

  for (guint i = 0; i < self->header->n; i++)
    if (self->columns[i].column && self->columns[i].kind == MIG_KIND_CPU)
      cpu = &self->columns[i];
  if (!proxmox || !cpu || cpu->unit || cpu->most > 1)
    return TRUE;
  return mig_sheet_error (self->error, self->sheet->label, self->header->line,
                          "column 'cpu' holds nothing above 1 in a list of Proxmox: shares of each "
                          "VM's CPUs are likely; say so with --unit cpu=share (or cpu=cpus), or "
                          "give the list of the cluster itself with --read-as proxmox");
}

static gboolean
bad_cell (Reader *self, const MigSheetRow *row, const MigFleetColumn *column, const char *cell)
{
  g_autofree char *shown = mig_text_printable (cell, CELL_SHOWN);

  return mig_sheet_error (self->error, self->sheet->label, row->line,
                          "'%s' in column '%s' is not a number", shown, column->column->name);
}

/* no_unit: the error names what is likely. */
static gboolean
no_unit (Reader *self, const MigSheetRow *row, const MigFleetColumn *column, const char *number)
{
  const char *name = column->column->name;

  if (column->kind != MIG_KIND_AMOUNT)
    return mig_sheet_error (self->error, self->sheet->label, row->line,
                            "column '%s': '%s' has no unit; write one behind it, such as '%s %s', "
                            "or give --unit %s=%s",
                            name, number, number, column->kind == MIG_KIND_RATE ? "Gbit/s" : "ms",
                            name, column->kind == MIG_KIND_RATE ? "Gbit/s" : "ms");
  const char *likely = mig_quantity_likely (column->most);
  const char *suffix = strcmp (likely, "bytes") == 0 ? "B" : likely;
  g_autofree char *lower = g_ascii_strdown (suffix, -1);
  return mig_sheet_error (self->error, self->sheet->label, row->line,
                          "column '%s': '%s' has no unit; %s are likely: write '%s %s', call the "
                          "column %s_%s, or give --unit %s=%s",
                          name, number, likely, number, suffix, name, lower, name, suffix);
}

/* read_unit: of an amount, a rate or a duration: "NUMBER UNIT". */
static gboolean
read_unit (Reader *self, const MigSheetRow *row, const MigFleetColumn *column, const char *cell,
           char **member)
{
  g_autofree char *clean = mig_quantity_clean (cell);
  const char *rest;
  g_autofree char *number = *clean ? mig_quantity_number (&self->style, clean, &rest) : NULL;

  if (*clean == '\0')
    return TRUE;
  const char *unit = number && *rest ? mig_quantity_unit (column->kind, rest) : column->unit;
  if (number && *rest == '\0' && !unit && g_ascii_strtod (number, NULL) != 0)
    return no_unit (self, row, column, number);
  if (number && *rest && unit && column->unit && strcmp (unit, column->unit) != 0)
    return mig_sheet_error (self->error, self->sheet->label, row->line,
                            "column '%s' is in %s, but '%s' says %s", column->column->name,
                            column->unit, clean, unit);
  *member = unit     ? g_strdup_printf ("%s %s", number, unit)
            : number ? g_strdup_printf ("%s %s", number, rest)
                     : g_strdup (clean);
  return TRUE;
}

/* read_number: of what is CPUs or a share of those of its row; *share: it is a share. */
static gboolean
read_number (Reader *self, const MigSheetRow *row, const MigFleetColumn *column, const char *cell,
             gpointer member, gboolean *share)
{
  g_autofree char *clean = mig_quantity_clean (cell);
  const char *rest;
  g_autofree char *number = *clean ? mig_quantity_number (&self->style, clean, &rest) : NULL;
  double value;

  if (*clean == '\0')
    return TRUE;
  gboolean cpu = column->kind == MIG_KIND_CPU, percent = number && strcmp (rest, "%") == 0;
  if (cpu && percent && !column->unit)
    return mig_sheet_error (self->error, self->sheet->label, row->line,
                            "column 'cpu': '%s' may be of one CPU or of all CPUs of the VM; write "
                            "CPUs, such as 0.5, or call the column cpu_share",
                            clean);
  if (!number || (*rest && !(cpu && percent)) ||
      !mig_cell_parse_double (number, strlen (number), &value))
    return bad_cell (self, row, column, clean);
  if (percent || (cpu && g_strcmp0 (column->unit, "%") == 0))
    value /= 100;
  *share = *share || (cpu && column->unit && strcmp (column->unit, "cpus") != 0);
  if (column->column->type == MIG_TYPE_DOUBLE)
    *(double *) member = value;
  else if (!mig_cell_parse_int (number, strlen (number), member))
    return bad_cell (self, row, column, clean);
  return TRUE;
}

static gboolean
read_row (Reader *self, const MigSheetRow *row)
{
  MigFleetRecord *record = mig_fleet_draft_add (self->draft, row->line);
  gboolean share = FALSE, ok = TRUE;

  for (guint i = 0; i < self->header->n && ok; i++)
    {
      const MigFleetColumn *column = &self->columns[i];
      const char *cell = row->cells[i];
      if (!column->column || !*cell)
        continue;
      gpointer member = G_STRUCT_MEMBER_P (record, column->column->offset);
      if (column->kind == MIG_KIND_NAME)
        *(char **) member = g_strdup (mig_cell_unprotect (cell));
      else if (column->kind == MIG_KIND_NUMBER || column->kind == MIG_KIND_CPU)
        ok = read_number (self, row, column, cell, member, &share);
      else
        ok = read_unit (self, row, column, cell, member);
    }
  if (share)
    record->cpu *= isnan (record->cpus) ? 1 : record->cpus;
  return ok;
}

static void
recognise_units (Reader *self)
{
  for (guint i = 0; i < self->header->n; i++)
    if (self->columns[i].unit)
      mig_fleet_text_recognise (self->draft->recognised, "%s in %s", self->columns[i].column->name,
                                self->columns[i].unit);
}

gboolean
mig_fleet_columns_read (MigFleetDraft *draft, const MigSheet *sheet, char **units, GError **error)
{
  Reader self = { .draft = draft, .sheet = sheet, .error = error };

  self.header = mig_sheet_row (sheet, 0);
  self.columns = g_new0 (MigFleetColumn, self.header->n);
  gboolean ok = read_header (&self) && check_tool (&self) && take_units (&self, units) &&
                look_at_all (&self) && check_shares (&self);
  if (ok)
    recognise_units (&self);
  for (guint i = 1; i < sheet->rows->len && ok; i++)
    if (!is_comment (&self, mig_sheet_row (sheet, i)))
      ok = read_row (&self, mig_sheet_row (sheet, i));
  g_free (self.columns);
  mig_number_style_clear (&self.style);
  return ok;
}
