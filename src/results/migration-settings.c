/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "base/xml.h"
#include "results/migration-settings.h"

#define NONE "none"
#define HYPERVISOR "default"

/* How a value is written: as it is; as what libvirt is told. */
typedef enum { KIND_WORD, KIND_CONTROL, KIND_LIMIT, KIND_BYTES, KIND_DURATION } Kind;

typedef struct {
  MigSettingInfo info;
  Kind kind;
} Column;

static const Column columns[MIG_N_SETTINGS] = {
  [MIG_SETTING_TECHNIQUE] = { { "technique", "technique", "technique", "pre-copy" }, KIND_WORD },
  [MIG_SETTING_CONNECTIONS] = { { "connections", "connections", "connections", "2" }, KIND_WORD },
  [MIG_SETTING_CACHE] = { { "cache", "cache", "cache", HYPERVISOR }, KIND_BYTES },
  [MIG_SETTING_THROTTLE_INITIAL] = { { "throttle-initial", "throttle_initial", "initial throttle",
                                       "0" },
                                     KIND_WORD },
  [MIG_SETTING_THROTTLE_INCREMENT] = { { "throttle-increment", "throttle_increment",
                                         "throttle increment", "0" },
                                       KIND_WORD },
  [MIG_SETTING_TLS] = { { "tls", "tls", "TLS", "no" }, KIND_WORD },
  [MIG_SETTING_BANDWIDTH] = { { "bandwidth", "bandwidth", "bandwidth limit", NONE }, KIND_LIMIT },
  [MIG_SETTING_STORAGE] = { { "copy-storage", "copy_storage", "storage copy", "no" }, KIND_WORD },
  [MIG_SETTING_STOP_RULE] = { { "stop-rule", "stop_rule", "stop rule", "hypervisor" }, KIND_WORD },
  [MIG_SETTING_MAX_DOWNTIME] = { { "max-downtime", "max_downtime", "maximum downtime", HYPERVISOR },
                                 KIND_DURATION },
  [MIG_SETTING_CONTROL] = { { "peer-to-peer", "control", "control", NULL }, KIND_CONTROL },
};

/* What is known of a case. */
typedef struct {
  char *values[MIG_N_SETTINGS];
} Row;

struct _MigSettings {
  Row study;
  GHashTable *experiments; /* name -> Row: those with a <migration> of their own */
  GHashTable *cases;       /* label -> Row: those of experiments and of sweeps */
};

const MigSettingInfo *
mig_setting_info (MigSetting setting)
{
  return &columns[setting].info;
}

/* ---- one row ---- */

static void
clear_row (Row *row)
{
  for (guint i = 0; i < MIG_N_SETTINGS; i++)
    g_clear_pointer (&row->values[i], g_free);
}

static void
free_row (gpointer data)
{
  clear_row (data);
  g_free (data);
}

static Row *
copy_row (const Row *row)
{
  Row *copy = g_new0 (Row, 1);

  for (guint i = 0; i < MIG_N_SETTINGS; i++)
    copy->values[i] = g_strdup (row->values[i]);
  return copy;
}

static void
set_defaults (Row *row)
{
  for (guint i = 0; i < MIG_N_SETTINGS; i++)
    {
      g_free (row->values[i]);
      row->values[i] = g_strdup (columns[i].info.by_default);
    }
}

/* limit_text: as the study's reader: whole MiB/s. */
static char *
limit_text (const char *text)
{
  guint64 asked = 0;

  if (!mig_units_parse_rate (text, &asked, NULL))
    return NULL;
  return asked ? g_strdup_printf ("%" G_GUINT64_FORMAT " MiB/s", mig_units_limit_mib (asked))
               : g_strdup (NONE);
}

static char *
bytes_text (const char *text)
{
  guint64 bytes = 0;

  if (!mig_units_parse_bytes (text, &bytes, NULL))
    return NULL;
  return bytes ? g_strdup_printf ("%" G_GUINT64_FORMAT " KiB", bytes / MIG_KIB)
               : g_strdup (HYPERVISOR);
}

static char *
duration_text (const char *text)
{
  gint64 ns = 0;

  if (!mig_units_parse_duration (text, &ns, NULL))
    return NULL;
  return ns ? g_strdup_printf ("%" G_GINT64_FORMAT " ms", ns / MIG_NS_PER_MS)
            : g_strdup (HYPERVISOR);
}

/* value_of: the same text for the same value; the caller frees it. */
static char *
value_of (Kind kind, const char *text)
{
  char *value = kind == KIND_LIMIT      ? limit_text (text)
                : kind == KIND_BYTES    ? bytes_text (text)
                : kind == KIND_DURATION ? duration_text (text)
                : kind == KIND_CONTROL
                    ? g_strdup (strcmp (text, MIG_SETTING_YES) == 0 ? "peer-to-peer" : "direct")
                    : NULL;

  return value ? value : g_strstrip (g_strdup (text));
}

/* find_setting: of that attribute; MIG_N_SETTINGS: it is none of these. */
static guint
find_setting (const char *attribute)
{
  guint i = 0;

  while (i < MIG_N_SETTINGS && g_strcmp0 (columns[i].info.attribute, attribute) != 0)
    i++;
  return i;
}

/* set_value: setting: MIG_N_SETTINGS: nothing is set. */
static void
set_value (Row *row, guint setting, const char *text)
{
  if (setting == MIG_N_SETTINGS || !text)
    return;
  g_free (row->values[setting]);
  row->values[setting] = value_of (columns[setting].kind, text);
}

/* ---- the document ---- */

/* read_migration: node: <migration>; NULL: only the defaults. */
static void
read_migration (Row *row, const xmlNode *node)
{
  set_defaults (row);
  for (guint i = 0; node && i < MIG_N_SETTINGS; i++)
    {
      g_autofree char *text = mig_node_attribute (node, columns[i].info.attribute);
      set_value (row, i, text);
    }
}

static void
read_study (MigSettings *self, const xmlNode *root)
{
  read_migration (&self->study, mig_node_next (root->children, "migration"));
  for (xmlNode *n = mig_node_next (root->children, "experiment"); n;
       n = mig_node_next (n->next, "experiment"))
    {
      char *name = mig_node_attribute (n, "name");
      const xmlNode *own = mig_node_next (n->children, "migration");
      if (name && own)
        {
          Row *row = g_new0 (Row, 1);
          read_migration (row, own);
          g_hash_table_replace (self->experiments, name, row);
        }
      else
        g_free (name);
    }
}

/* read_execution: its options have the names of the attributes. */
static void
read_execution (MigSettings *self, const xmlNode *root)
{
  set_defaults (&self->study);
  for (xmlNode *n = mig_node_next (root->children, "option"); n;
       n = mig_node_next (n->next, "option"))
    {
      g_autofree char *name = mig_node_attribute (n, "name");
      g_autofree char *value = mig_node_attribute (n, "value");
      set_value (&self->study, find_setting (name), value);
    }
}

static void
read_document (MigSettings *self, const char *xml, gsize size)
{
  xmlDoc *doc = mig_xml_parse (xml, size, "study.xml", "study", NULL);
  const xmlNode *root = doc ? xmlDocGetRootElement (doc) : NULL;

  if (root && mig_node_is (root, "study"))
    read_study (self, root);
  else if (root && mig_node_is (root, MIG_EXECUTION_ELEMENT))
    read_execution (self, root);
  if (doc)
    xmlFreeDoc (doc);
}

/* ---- the cases ---- */

static void
add_experiment (MigSettings *self, const MigParameterRecord *record)
{
  const Row *row = record->value ? g_hash_table_lookup (self->experiments, record->value) : NULL;

  if (row && g_strcmp0 (record->parameter, "experiment") == 0)
    g_hash_table_replace (self->cases, g_strdup (record->case_label), copy_row (row));
}

static void
add_swept (MigSettings *self, const MigParameterRecord *record)
{
  Row *row = g_hash_table_lookup (self->cases, record->case_label);
  guint setting = find_setting (record->parameter);

  if (setting == MIG_N_SETTINGS)
    return;
  if (!row)
    g_hash_table_insert (self->cases, g_strdup (record->case_label), row = copy_row (&self->study));
  set_value (row, setting, record->value);
}

/* read_parameters: backwards: the first of a case counts. */
static void
read_parameters (MigSettings *self, const GPtrArray *parameters,
                 void (*add) (MigSettings *self, const MigParameterRecord *record))
{
  for (guint i = parameters->len; i > 0; i--)
    {
      const MigParameterRecord *record = parameters->pdata[i - 1];
      if (record->case_label)
        add (self, record);
    }
}

MigSettings *
mig_settings_parse (const char *xml, gsize size, const GPtrArray *parameters)
{
  MigSettings *self = g_new0 (MigSettings, 1);

  self->experiments = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_row);
  self->cases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_row);
  if (xml)
    read_document (self, xml, size);
  read_parameters (self, parameters, add_experiment);
  read_parameters (self, parameters, add_swept);
  return self;
}

MigSettings *
mig_settings_new (const MigResult *result, const GPtrArray *parameters)
{
  gsize size = 0;
  g_autofree char *xml = mig_result_study (result, &size);

  return mig_settings_parse (xml, size, parameters);
}

const char *
mig_settings_find (const MigSettings *self, const char *case_label, MigSetting setting)
{
  const Row *row = self && case_label ? g_hash_table_lookup (self->cases, case_label) : NULL;

  if (!self)
    return NULL;
  return (row ? row : &self->study)->values[setting];
}

void
mig_settings_free (MigSettings *self)
{
  if (!self)
    return;
  clear_row (&self->study);
  g_hash_table_unref (self->experiments);
  g_hash_table_unref (self->cases);
  g_free (self);
}
