/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libxml/tree.h>

#include "study/study.h"

/* What <sweep> says: one parameter and its values. Inside the room only. */
typedef struct _MigAxisKind MigAxisKind;

typedef struct {
  char *parameter; /* "workload.m.rate" */
  char *object;    /* "m"; NULL: the parameter belongs to no object */
  const MigAxisKind *kind;
  char **values; /* as written, without the space around them; at least one */
  guint n_values;
  guint line;
} MigAxis;

/* mig_axis_new: from a <sweep>. Errors: INVALID, with what is expected: no such parameter, a value
 * twice. */
MigAxis *mig_axis_new (const xmlNode *sweep, GError **error);
void mig_axis_free (MigAxis *axis);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigAxis, mig_axis_free)

/* mig_axis_attribute: "rate": the parameter's short name. */
const char *mig_axis_attribute (const MigAxis *axis);

/* mig_axis_apply: writes a value into a study's document. FALSE without error: there is no such
 * object. */
gboolean mig_axis_apply (const MigAxis *axis, const char *value, xmlNode *root);

/* mig_axis_element: "workload": of which there is no such object. */
const char *mig_axis_element (const MigAxis *axis);

/* mig_axis_effective: what is set where that value is asked for: a limit of bandwidth in the whole
 * MiB/s that libvirt knows. The value as written where it is the same. The caller frees it. */
char *mig_axis_effective (const MigAxis *axis, const char *value);

/* mig_axis_number: the value as a number and its unit; NaN and NULL where it is none. */
double mig_axis_number (const MigAxis *axis, const char *value, const char **unit);

/* mig_axis_names: all parameters, for "expected ..."; the caller frees it. */
char *mig_axis_names (void);
