/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/json-write.h"
#include "results/records.h"

/* rounded: to nine significant digits, so that the last bits, which differ between processors, do
 * not show. */
static double
rounded (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  return g_ascii_strtod (g_ascii_formatd (text, sizeof text, "%.9g", value), NULL);
}

void
mig_json_number (JsonBuilder *builder, const char *key, double value)
{
  json_builder_set_member_name (builder, key);
  if (isfinite (value))
    json_builder_add_double_value (builder, rounded (value));
  else
    json_builder_add_null_value (builder);
}

void
mig_json_integer (JsonBuilder *builder, const char *key, gint64 value)
{
  json_builder_set_member_name (builder, key);
  if (MIG_IS_MISSING (value))
    json_builder_add_null_value (builder);
  else
    json_builder_add_int_value (builder, value);
}

void
mig_json_text (JsonBuilder *builder, const char *key, const char *text)
{
  json_builder_set_member_name (builder, key);
  if (text)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

void
mig_json_boolean (JsonBuilder *builder, const char *key, gboolean value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_boolean_value (builder, value);
}

void
mig_json_begin_array (JsonBuilder *builder, const char *key)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
}

void
mig_json_begin_object (JsonBuilder *builder, const char *key)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
}

void
mig_json_texts (JsonBuilder *builder, const char *key, const GPtrArray *texts)
{
  mig_json_begin_array (builder, key);
  for (guint i = 0; texts && i < texts->len; i++)
    json_builder_add_string_value (builder, texts->pdata[i]);
  json_builder_end_array (builder);
}

#define RECORD MigValue
static const MigJsonMember value_members[] = {
  MIG_JSON ("run", INTEGER, run),
  MIG_JSON ("repetition", INTEGER, repetition),
  MIG_JSON ("value", NUMBER, value),
  MIG_JSON_END,
};
#undef RECORD

static void
add_outliers (JsonBuilder *builder, gconstpointer record)
{
  const MigStat *stat = record;

  mig_json_begin_array (builder, "outliers");
  for (guint i = 0; i < stat->values->len; i++)
    if (mig_stat_is_outlier (&g_array_index (stat->values, MigValue, i)))
      json_builder_add_int_value (builder, g_array_index (stat->values, MigValue, i).run);
  json_builder_end_array (builder);
}

#define RECORD MigStat
static const MigJsonMember stat_members[] = {
  MIG_JSON ("n", COUNT, n),
  MIG_JSON ("mean", NUMBER, mean),
  MIG_JSON ("ci95_low", NUMBER, ci_low),
  MIG_JSON ("ci95_high", NUMBER, ci_high),
  MIG_JSON ("median", NUMBER, median),
  MIG_JSON ("min", NUMBER, min),
  MIG_JSON ("max", NUMBER, max),
  MIG_JSON ("sd", NUMBER, sd),
  MIG_JSON ("cv", NUMBER, cv),
  MIG_JSON ("mad", NUMBER, mad),
  MIG_JSON_ADD (add_outliers),
  MIG_JSON_LIST ("values", STRUCTS, values, MigValue, value_members),
  MIG_JSON_END,
};
#undef RECORD

void
mig_json_stat (JsonBuilder *builder, const char *key, const MigStat *stat, const char *missing)
{
  mig_json_begin_object (builder, key);
  mig_json_members (builder, stat_members, stat);
  if (missing)
    mig_json_text (builder, "missing_reason", missing);
  json_builder_end_object (builder);
}

void
mig_json_object (JsonBuilder *builder, const char *key, const MigJsonMember *members,
                 gconstpointer record)
{
  if (key)
    json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  mig_json_members (builder, members, record);
  json_builder_end_object (builder);
}

void
mig_json_list (JsonBuilder *builder, const char *key, const GPtrArray *items,
               const MigJsonMember *members)
{
  mig_json_begin_array (builder, key);
  for (guint i = 0; items && i < items->len; i++)
    mig_json_object (builder, NULL, members, items->pdata[i]);
  json_builder_end_array (builder);
}

void
mig_json_structs (JsonBuilder *builder, const char *key, const GArray *items, gsize size,
                  const MigJsonMember *members)
{
  mig_json_begin_array (builder, key);
  for (guint i = 0; items && i < items->len; i++)
    mig_json_object (builder, NULL, members, items->data + i * size);
  json_builder_end_array (builder);
}

/* add_value: of a member that is no number of its own; at: in the record. */
void
mig_json_interval (JsonBuilder *builder, const char *name, MigPredicted value)
{
  g_autofree char *low = g_strconcat (name, "_low", NULL),
                  *high = g_strconcat (name, "_high", NULL);

  mig_json_number (builder, name, value.value);
  if (!isnan (value.low))
    mig_json_number (builder, low, value.low);
  if (!isnan (value.high))
    mig_json_number (builder, high, value.high);
}

static void
add_value (JsonBuilder *builder, const MigJsonMember *member, gconstpointer at)
{
  switch (member->kind)
    {
    case MIG_JSON_INTEGER:
      return mig_json_integer (builder, member->name, *(const gint64 *) at);
    case MIG_JSON_COUNT:
      return mig_json_integer (builder, member->name, *(const guint *) at);
    case MIG_JSON_NUMBER:
      return mig_json_number (builder, member->name, *(const double *) at);
    case MIG_JSON_TEXT:
      return mig_json_text (builder, member->name, *(char *const *) at);
    case MIG_JSON_BOOLEAN:
      return mig_json_boolean (builder, member->name, *(const gboolean *) at);
    case MIG_JSON_ID:
      return mig_json_text (builder, member->name, member->id (*(const guint *) at));
    case MIG_JSON_STAT:
      return mig_json_stat (builder, member->name, at, NULL);
    case MIG_JSON_STAT_AT:
      return mig_json_stat (builder, member->name, *(const MigStat *const *) at, NULL);
    case MIG_JSON_PREDICTED:
      return mig_json_interval (builder, member->name, *(const MigPredicted *) at);
    case MIG_JSON_TEXTS:
      return mig_json_texts (builder, member->name, *(GPtrArray *const *) at);
    case MIG_JSON_POINTERS:
      return mig_json_list (builder, member->name, *(GPtrArray *const *) at, member->members);
    case MIG_JSON_STRUCTS:
      return mig_json_structs (builder, member->name, *(GArray *const *) at, member->size,
                               member->members);
    case MIG_JSON_OBJECT:
      return mig_json_object (builder, member->name, member->members, at);
    case MIG_JSON_SPECIAL:
    default:
      g_return_if_reached ();
    }
}

void
mig_json_members (JsonBuilder *builder, const MigJsonMember *members, gconstpointer record)
{
  for (; members->name; members++)
    if (members->kind == MIG_JSON_SPECIAL)
      members->add (builder, record);
    else
      {
        gconstpointer of = members->pointer
                               ? G_STRUCT_MEMBER (gconstpointer, record, members->pointer - 1)
                               : record;
        add_value (builder, members, (const char *) of + members->offset);
      }
}

char *
mig_json_print (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  g_autofree char *text = json_generator_to_data (generator, NULL);
  return g_strconcat (text, "\n", NULL);
}
