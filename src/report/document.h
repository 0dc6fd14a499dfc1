/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/grid.h"

/* What a report says, as a tree, whatever it is rendered as. Texts are as they were recorded; the
 * renderers make them safe. */

typedef enum { MIG_MEDIUM_TERMINAL, MIG_MEDIUM_PAGE, MIG_MEDIUM_MARKDOWN } MigMedium;

typedef enum {
  MIG_BLOCK_GROUP,     /* its children, nothing else */
  MIG_BLOCK_APART,     /* the same; in a text behind one empty line, without others in it */
  MIG_BLOCK_SECTION,   /* children below a heading; without children it is left out */
  MIG_BLOCK_ENTRY,     /* the same: a line of its section, and what belongs to that */
  MIG_BLOCK_PARAGRAPH, /* a text; in a list an item */
  MIG_BLOCK_LIST,
  MIG_BLOCK_TABLE,
  MIG_BLOCK_WARNING, /* children behind a text, which may be empty */
  MIG_BLOCK_FIGURE,  /* a picture, with what is said of it as children; not on a terminal */
  MIG_BLOCK_FIGURES, /* figures beside each other */
  MIG_BLOCK_FACTS,   /* a small table below a figure */
  MIG_BLOCK_FOLD     /* children behind a line to click on */
} MigBlockKind;

/* What a paragraph is there for. A command is one for a shell: its line is not broken. */
typedef enum { MIG_ROLE_PLAIN, MIG_ROLE_META, MIG_ROLE_ANSWER, MIG_ROLE_COMMAND } MigRole;

/* A piece of a text. */
typedef struct {
  MigMark mark;
  gboolean strong;
  char *link; /* on a page: to the section of that id; NULL: none */
  char *text;
} MigSpan;

typedef struct _MigBlock MigBlock;
struct _MigBlock {
  MigBlockKind kind;
  MigMedium medium;
  MigRole role;
  char *id;            /* of a section or figure: where links lead to; NULL: none do */
  GArray *spans;       /* of MigSpan: its text or heading */
  GPtrArray *children; /* of MigBlock */
  MigGrid *grid;       /* of a table */
  char *svg, *caption; /* of a figure: drawing elements only */
  gboolean wide, open; /* of a figure; of what folds */
};

typedef struct {
  char *kicker;   /* what kind of report it is */
  char *title;    /* of the window */
  char *heading;  /* of the page; NULL: the title */
  gboolean links; /* the page begins with links to its sections */
  guint width;    /* of a text, in columns, tables included; 0: 100, Markdown 120, but for tables */
  char *figures;  /* of Markdown: the directory of its pictures; NULL: it has none */
  MigBlock *head; /* of paragraphs */
  MigBlock *body;
} MigDocument;

/* mig_document_new: takes title. */
MigDocument *mig_document_new (MigMedium medium, const char *kicker, char *title);
void mig_document_free (MigDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigDocument, mig_document_free)

/* mig_document_render: for its medium: lines of at most its width, but for longer words; a page
 * that needs nothing else; or Markdown. The same content gives the same bytes. The caller frees
 * them. */
char *mig_document_render (const MigDocument *document);

/* mig_block_is_page, mig_block_is_terminal: whether what is added will be there. */
gboolean mig_block_is_page (const MigBlock *block);
gboolean mig_block_is_terminal (const MigBlock *block);

/* The following add a block at the end of another and return it. Text may be NULL: none. */
MigBlock *mig_block_add (MigBlock *parent, MigBlockKind kind);
MigBlock *mig_block_section (MigBlock *parent, const char *id, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
MigBlock *mig_block_paragraph (MigBlock *parent, MigRole role, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* mig_block_item: of the list that the parent ends with, or of a new one. */
MigBlock *mig_block_item (MigBlock *parent, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* mig_block_items: of char *; NULL or none: nothing. */
void mig_block_items (MigBlock *parent, const GPtrArray *lines);

/* mig_block_table: takes the grid; NULL: nothing is added. */
void mig_block_table (MigBlock *parent, MigGrid *grid);

MigBlock *mig_block_figure (MigBlock *parent, const char *id, const char *svg, const char *caption);

/* mig_block_span: one more piece of a block's text. */
void mig_block_span (MigBlock *block, const char *format, ...) G_GNUC_PRINTF (2, 3);
void mig_block_strong (MigBlock *block, const char *text);
void mig_block_mark (MigBlock *block, MigMark mark, const char *text);

/* mig_block_link: on a page a link to the section of that id. */
void mig_block_link (MigBlock *block, const char *id, const char *text);

/* mig_block_text: all of its pieces. The caller frees it. */
char *mig_block_text (const MigBlock *block);

/* The renderers. */
void mig_render_terminal (const MigDocument *document, GString *out);
void mig_render_page (const MigDocument *document, GString *out);
void mig_render_markdown (const MigDocument *document, GString *out);
