/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

#include "model/quantity.h"
#include "report/json-stream.h"
#include "summary/stats.h"

/* JSON from tables that say which member of a struct is which member of an object, as
 * results/columns.h does for CSV. A missing value is null. Keys and words of a MIG_JSON_ID are
 * identifiers ([a-z0-9_-]); doc/report.schema.json has them all. */

typedef enum {
  MIG_JSON_INTEGER,   /* gint64; missing: null */
  MIG_JSON_COUNT,     /* guint, or an enum */
  MIG_JSON_NUMBER,    /* double; nine significant digits; not finite: null */
  MIG_JSON_TEXT,      /* char *; NULL: null */
  MIG_JSON_BOOLEAN,   /* gboolean */
  MIG_JSON_ID,        /* an enum: id() has its word; NULL: null */
  MIG_JSON_STAT,      /* MigStat */
  MIG_JSON_STAT_AT,   /* MigStat * */
  MIG_JSON_PREDICTED, /* MigPredicted: as mig_json_interval() */
  MIG_JSON_TEXTS,     /* GPtrArray * of char * */
  MIG_JSON_POINTERS,  /* GPtrArray * of structs: an array of objects; NULL: empty */
  MIG_JSON_STRUCTS,   /* GArray * of structs of that size: the same */
  MIG_JSON_OBJECT,    /* a struct in this one */
  MIG_JSON_SPECIAL,   /* add() adds members to the object that the table is of */
} MigJsonKind;

typedef struct _MigJsonMember MigJsonMember;
struct _MigJsonMember {
  const char *name; /* NULL: the end of the table */
  MigJsonKind kind;
  gsize offset, size;
  const MigJsonMember *members; /* of the objects */
  const char *(*id) (guint value);
  void (*add) (MigJson *json, gconstpointer record);
  gsize pointer; /* where the record points to the struct that the member is of, plus 1; 0: its own
                  */
};

/* Rows of such a table; RECORD is the struct. MIG_JSON_OF: of a struct that it points to. */
/* clang-format off */
#define MIG_JSON(name, kind, member) \
  { name, MIG_JSON_##kind, offsetof (RECORD, member), 0, NULL, NULL, NULL, 0 }
#define MIG_JSON_OF(name, kind, pointer, type, member) \
  { name, MIG_JSON_##kind, offsetof (type, member), 0, NULL, NULL, NULL, \
    offsetof (RECORD, pointer) + 1 }
#define MIG_JSON_WORD(name, member, id) \
  { name, MIG_JSON_ID, offsetof (RECORD, member), 0, NULL, id, NULL, 0 }
#define MIG_JSON_LIST(name, kind, member, type, members) \
  { name, MIG_JSON_##kind, offsetof (RECORD, member), sizeof (type), members, NULL, NULL, 0 }
#define MIG_JSON_ADD(add) { "", MIG_JSON_SPECIAL, 0, 0, NULL, NULL, add, 0 }
#define MIG_JSON_END { NULL, MIG_JSON_SPECIAL, 0, 0, NULL, NULL, NULL, 0 }
/* clang-format on */

/* mig_json_members: those of a record, into the object that was begun. */
void mig_json_members (MigJson *json, const MigJsonMember *members, gconstpointer record);

/* mig_json_object: one object; key NULL: in an array. mig_json_list, _structs: an array of objects,
 * of pointers or of structs of that size; items NULL: empty. */
void mig_json_object (MigJson *json, const char *key, const MigJsonMember *members,
                      gconstpointer record);
void mig_json_list (MigJson *json, const char *key, const GPtrArray *items,
                    const MigJsonMember *members);
void mig_json_structs (MigJson *json, const char *key, const GArray *items, gsize size,
                       const MigJsonMember *members);

/* mig_json_texts: an array of texts; NULL: empty. */
void mig_json_texts (MigJson *json, const char *key, const GPtrArray *texts);

/* mig_json_interval: "name", and each end that is known, "name_low" and "name_high". */
void mig_json_interval (MigJson *json, const char *name, MigPredicted value);

/* mig_json_stat: an object with n, mean, ci95_low, ci95_high, median, min, max, sd, cv, mad,
 * outliers (their runs) and the values; missing_reason where it is not NULL. */
void mig_json_stat (MigJson *json, const char *key, const MigStat *stat, const char *missing);
