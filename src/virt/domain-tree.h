/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

/* A domain's XML as a tree. */

/* of the mark that domains of migcost's carry in their <metadata> */
#define MIG_DOMAIN_MARK_NAMESPACE "https://github.com/migcost/migcost/domain/1"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

/* mig_domain_parse: domain XML of any origin: no document type, no entities, no network. path: for
 * errors. Errors: INVALID with PATH:LINE. */
xmlDocPtr mig_domain_parse (const char *xml, gsize size, const char *path, GError **error);

/* mig_domain_serialize: the caller frees it. */
char *mig_domain_serialize (xmlDocPtr doc);

/* mig_domain_child: the first of that name; NULL: none, or no parent. */
xmlNodePtr mig_domain_child (xmlNodePtr parent, const char *name);
xmlNodePtr mig_domain_child_or_new (xmlNodePtr parent, const char *name);
void mig_domain_remove_child (xmlNodePtr parent, const char *name);

/* mig_domain_set_text: the element's content; escapes what XML needs escaped. */
void mig_domain_set_text (xmlNodePtr node, const char *text);
