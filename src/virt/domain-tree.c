/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/xml.h"
#include "virt/domain-tree.h"

xmlNodePtr
mig_domain_child (xmlNodePtr parent, const char *name)
{
  for (xmlNodePtr node = parent ? parent->children : NULL; node; node = node->next)
    if (node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, name) == 0)
      return node;
  return NULL;
}

xmlNodePtr
mig_domain_child_or_new (xmlNodePtr parent, const char *name)
{
  xmlNodePtr node = mig_domain_child (parent, name);
  return node ? node : xmlNewChild (parent, NULL, BAD_CAST name, NULL);
}

void
mig_domain_set_text (xmlNodePtr node, const char *text)
{
  xmlNodeSetContent (node, NULL);
  xmlNodeAddContent (node, BAD_CAST text);
}

void
mig_domain_remove_child (xmlNodePtr parent, const char *name)
{
  xmlNodePtr node = mig_domain_child (parent, name);
  if (node)
    {
      xmlUnlinkNode (node);
      xmlFreeNode (node);
    }
}

char *
mig_domain_serialize (xmlDocPtr doc)
{
  xmlChar *text = NULL;
  int size = 0;

  xmlDocDumpFormatMemoryEnc (doc, &text, &size, "UTF-8", 1);
  char *copy = g_strndup ((const char *) text, size);
  xmlFree (text);
  return copy;
}

xmlDocPtr
mig_domain_parse (const char *xml, gsize size, const char *path, GError **error)
{
  g_autoptr (xmlDoc) doc = mig_xml_parse (xml, size, path, "domain", error);
  xmlNodePtr root = doc ? xmlDocGetRootElement (doc) : NULL;

  if (root && strcmp ((const char *) root->name, "domain") != 0)
    {
      mig_node_error (error, root, "domain template begins with <%s>; expected <domain>",
                      root->name);
      return NULL;
    }
  return g_steal_pointer (&doc);
}
