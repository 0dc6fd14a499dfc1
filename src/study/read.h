/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libxml/tree.h>

#include "study/study.h"

/* From the tree to the study. Inside the room only. Each fills the study with what one kind of
 * element says; what is filled is freed with the study, on failure too. Errors: INVALID. */

/* mig_read_scale: before all others, which multiply by it. mig_read_check_scale: after all others:
 * whether the study can have it at all. */
gboolean mig_read_scale (MigStudy *study, const xmlNode *root, GError **error);
gboolean mig_read_check_scale (const MigStudy *study, const xmlNode *root, GError **error);
gboolean mig_read_hosts (MigStudy *study, const xmlNode *root, GError **error);
gboolean mig_read_workloads (MigStudy *study, const xmlNode *root, GError **error);
gboolean mig_read_guests (MigStudy *study, const xmlNode *root, GError **error); /* after both */
gboolean mig_read_cases (MigStudy *study, const xmlNode *root, GError **error);  /* after guests */
gboolean mig_read_settings (MigStudy *study, const xmlNode *root, GError **error);

/* A study from a document that was changed: without variants of its own. */
typedef MigStudy *(*MigVariantFunc) (const MigStudy *study, xmlDoc *doc, GError **error);

/* mig_variants_wanted: whether the study has experiments or sweeps. mig_read_variants: what they
 * make of it: variants, and their cases. After all others, which it reads anew for each variant. */
gboolean mig_variants_wanted (const xmlNode *root);
gboolean mig_read_variants (MigStudy *study, const xmlNode *root, MigVariantFunc new_variant,
                            GError **error);

/* network.c: mig_read_network: of <hosts>, after them. mig_read_address: of a guest of migcost's on
 * it. mig_read_probe: of a guest that is there. */
gboolean mig_read_network (MigStudy *study, const xmlNode *hosts, GError **error);
gboolean mig_read_address (const MigStudy *study, MigStudyGuest *guest, const xmlNode *node,
                           GError **error);
gboolean mig_read_probe (MigStudyGuest *guest, const xmlNode *node, GError **error);

/* MIG_READ_OBJECT: a new object of that type, with its name and line, at the end of its list; freed
 * with it. NULL, with error: no name, one that another has, or one object too many. */
gpointer mig_read_object (GPtrArray *objects, const xmlNode *node, gsize size, gsize line_offset,
                          GError **error);
#define MIG_READ_OBJECT(type, objects, node, error)                                                \
  ((type *) mig_read_object (objects, node, sizeof (type), G_STRUCT_OFFSET (type, line), error))

void mig_case_free (MigStudyCase *study_case);
/* mig_study_new: with nothing in it but its text. */
MigStudy *mig_study_new (const char *xml, gsize size, const char *path);

/* mig_read_name: the attribute that names an object; the caller frees it. NULL: it has none, or it
 * is not well-formed. */
char *mig_read_name (const xmlNode *node, const char *attribute, GError **error);

gboolean mig_read_is_name (const char *text);

/* Values of attributes; *value stays what it is where there is no such attribute. */
gboolean mig_read_count (const xmlNode *node, const char *attribute, guint64 min, guint64 max,
                         guint64 *value, GError **error);
gboolean mig_read_bytes (const xmlNode *node, const char *attribute, guint64 min, guint64 *bytes,
                         GError **error);
gboolean mig_read_duration (const xmlNode *node, const char *attribute, gint64 min, gint64 *ns,
                            GError **error);
/* mig_read_signed_duration: the same, but it may be negative; needs no least. */
gboolean mig_read_signed_duration (const xmlNode *node, const char *attribute, gint64 *ns,
                                   GError **error);
gboolean mig_read_rate (const xmlNode *node, const char *attribute, guint64 min,
                        guint64 *bytes_per_s, GError **error);
/* mig_read_uri: with a scheme; NULL where there is no such attribute; the caller frees it. */
gboolean mig_read_uri (const xmlNode *node, const char *attribute, const char *example, char **uri,
                       GError **error);

/* mig_read_names: "'c1', 'm1' or 'm2'" of the objects of a list, for "expected ..."; objects begin
 * with their name. The caller frees it. */
char *mig_read_names (const GPtrArray *objects);

/* mig_read_destination: host that an attribute "to" names; NULL without error: there is none. */
gboolean mig_read_destination (const MigStudy *study, const xmlNode *node, const MigStudyHost **to,
                               GError **error);

/* mig_read_host_named, mig_read_guest_named: that of that name. Errors: with the names there are.
 */
const MigStudyHost *mig_read_host_named (const MigStudy *study, const xmlNode *node,
                                         const char *name, GError **error);
const MigStudyGuest *mig_read_guest_named (const MigStudy *study, const xmlNode *node,
                                           const char *name, GError **error);
