/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* XML as a tree: safe reading of hostile bytes, errors with file and line, attributes. For studies,
 * and for the domain XML of the room virt. */

/* mig_xml_parse: no network, no document type, no entities, depth limited by libxml2. path is
 * borrowed and must outlive the document; root: the element it should begin with, for the message.
 * Errors: MIG_ERROR_INVALID. */
xmlDoc *mig_xml_parse (const char *xml, gsize size, const char *path, const char *root,
                       GError **error);

/* mig_xml_error: sets MIG_ERROR_INVALID "PATH:LINE: " + the text, printable, on one line, of
 * limited length. Always FALSE, to be returned. */
gboolean mig_xml_error (GError **error, const char *path, guint line, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

/* mig_node_error: the same, with the place of a node. */
gboolean mig_node_error (GError **error, const xmlNode *node, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

guint mig_node_line (const xmlNode *node);

/* mig_node_is: an element of that name (NULL: of any) without namespace. */
gboolean mig_node_is (const xmlNode *node, const char *name);

/* mig_node_next: the first such element among node and its later siblings, or NULL. */
xmlNode *mig_node_next (xmlNode *node, const char *name);

/* mig_node_attribute: value, or NULL where it has none. The caller frees it with g_free(). */
char *mig_node_attribute (const xmlNode *node, const char *name);

/* mig_node_text: all text inside; the caller frees it with g_free(). Never NULL. */
char *mig_node_text (const xmlNode *node);
