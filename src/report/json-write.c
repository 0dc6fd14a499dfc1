/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "report/json-write.h"

void
mig_json_texts (MigJson *json, const char *key, const GPtrArray *texts)
{
  mig_json_begin_array (json, key);
  for (guint i = 0; texts && i < texts->len; i++)
    mig_json_text (json, NULL, texts->pdata[i]);
  mig_json_end_array (json);
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
add_outliers (MigJson *json, gconstpointer record)
{
  const MigStat *stat = record;

  mig_json_begin_array (json, "outliers");
  for (guint i = 0; i < stat->values->len; i++)
    if (mig_stat_is_outlier (&g_array_index (stat->values, MigValue, i)))
      mig_json_integer (json, NULL, g_array_index (stat->values, MigValue, i).run);
  mig_json_end_array (json);
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
mig_json_stat (MigJson *json, const char *key, const MigStat *stat, const char *missing)
{
  mig_json_begin_object (json, key);
  mig_json_members (json, stat_members, stat);
  if (missing)
    mig_json_text (json, "missing_reason", missing);
  mig_json_end_object (json);
}

void
mig_json_object (MigJson *json, const char *key, const MigJsonMember *members, gconstpointer record)
{
  mig_json_begin_object (json, key);
  mig_json_members (json, members, record);
  mig_json_end_object (json);
}

void
mig_json_list (MigJson *json, const char *key, const GPtrArray *items, const MigJsonMember *members)
{
  mig_json_begin_array (json, key);
  for (guint i = 0; items && i < items->len; i++)
    mig_json_object (json, NULL, members, items->pdata[i]);
  mig_json_end_array (json);
}

void
mig_json_structs (MigJson *json, const char *key, const GArray *items, gsize size,
                  const MigJsonMember *members)
{
  mig_json_begin_array (json, key);
  for (guint i = 0; items && i < items->len; i++)
    mig_json_object (json, NULL, members, items->data + i * size);
  mig_json_end_array (json);
}

/* add_value: of a member that is no number of its own; at: in the record. */
void
mig_json_interval (MigJson *json, const char *name, MigPredicted value)
{
  g_autofree char *low = g_strconcat (name, "_low", NULL),
                  *high = g_strconcat (name, "_high", NULL);

  mig_json_number (json, name, value.value);
  if (!isnan (value.low))
    mig_json_number (json, low, value.low);
  if (!isnan (value.high))
    mig_json_number (json, high, value.high);
}

static void
add_value (MigJson *json, const MigJsonMember *member, gconstpointer at)
{
  switch (member->kind)
    {
    case MIG_JSON_INTEGER:
      return mig_json_integer (json, member->name, *(const gint64 *) at);
    case MIG_JSON_COUNT:
      return mig_json_integer (json, member->name, *(const guint *) at);
    case MIG_JSON_NUMBER:
      return mig_json_number (json, member->name, *(const double *) at);
    case MIG_JSON_TEXT:
      return mig_json_text (json, member->name, *(char *const *) at);
    case MIG_JSON_BOOLEAN:
      return mig_json_boolean (json, member->name, *(const gboolean *) at);
    case MIG_JSON_ID:
      return mig_json_text (json, member->name, member->id (*(const guint *) at));
    case MIG_JSON_STAT:
      return mig_json_stat (json, member->name, at, NULL);
    case MIG_JSON_STAT_AT:
      return mig_json_stat (json, member->name, *(const MigStat *const *) at, NULL);
    case MIG_JSON_PREDICTED:
      return mig_json_interval (json, member->name, *(const MigPredicted *) at);
    case MIG_JSON_TEXTS:
      return mig_json_texts (json, member->name, *(GPtrArray *const *) at);
    case MIG_JSON_POINTERS:
      return mig_json_list (json, member->name, *(GPtrArray *const *) at, member->members);
    case MIG_JSON_STRUCTS:
      return mig_json_structs (json, member->name, *(GArray *const *) at, member->size,
                               member->members);
    case MIG_JSON_OBJECT:
      return mig_json_object (json, member->name, member->members, at);
    case MIG_JSON_SPECIAL:
    default:
      g_return_if_reached ();
    }
}

void
mig_json_members (MigJson *json, const MigJsonMember *members, gconstpointer record)
{
  for (; members->name; members++)
    if (members->kind == MIG_JSON_SPECIAL)
      members->add (json, record);
    else
      {
        gconstpointer of = members->pointer
                               ? G_STRUCT_MEMBER (gconstpointer, record, members->pointer - 1)
                               : record;
        add_value (json, members, (const char *) of + members->offset);
      }
}
