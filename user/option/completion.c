// SPDX-License-Identifier: BSD-2-Clause
/* What makes bash, zsh and fish complete commands and their options. */
#include <string.h>
#include "option/completion.h"

/* What may stand behind an option. */
enum completion_kind { COMPLETION_NOTHING, COMPLETION_WORDS, COMPLETION_FILES, COMPLETION_FREE };

static enum completion_kind completion_kind(const struct option_row *row)
{
	if (row->type == OPTION_FLAG)
		return COMPLETION_NOTHING;
	if (row->type == OPTION_CHOICE)
		return COMPLETION_WORDS;
	if (!strcmp(row->value, "FILE") || !strcmp(row->value, "DIR") ||
	    !strcmp(row->value, "PATH") || !strcmp(row->value, "KEY"))
		return COMPLETION_FILES;
	return COMPLETION_FREE;
}

/* In single quotes, as fish reads them. */
static void write_fish_text(FILE *stream, const char *text)
{
	fputc('\'', stream);
	for (; *text; text++) {
		if (strchr("'\\", *text))
			fputc('\\', stream);
		fputc(*text, stream);
	}
	fputc('\'', stream);
}

/* What follows this option. */
static void write_bash_case(FILE *stream, const char *command, const struct option_row *row)
{
	fprintf(stream, "\t%s/--%s", command, row->name);
	if (row->letter)
		fprintf(stream, " | %s/-%c", command, row->letter);
	if (completion_kind(row) == COMPLETION_WORDS)
		fprintf(stream, ") COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n",
			row->value);
	else if (completion_kind(row) == COMPLETION_FILES)
		fputs(") _skua_files; return ;;\n", stream);
	else
		fputs(") return ;;\n", stream);
}

static void write_bash_options(FILE *stream, const struct completion_command *command)
{
	const struct option_row *row = command->options ? command->options->rows : NULL;

	fprintf(stream, "\t%s) options='--help -h", command->name);
	for (; row && row->name; row++) {
		fprintf(stream, " --%s%s", row->name, row->type == OPTION_FLAG ? "" : "=");
		if (row->letter)
			fprintf(stream, " -%c", row->letter);
	}
	fputs("' ;;\n", stream);
}

void completion_bash(FILE *stream, const struct completion_command *commands)
{
	fputs("# skua completion bash\n"
	      "_skua_files() {\n"
	      "\tcompopt -o filenames 2>/dev/null\n"
	      "\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
	      "}\n"
	      "_skua() {\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} "
	      "options=--help\n"
	      "\t# Bash parts words at =, too.\n"
	      "\tif [ \"$word\" = = ]; then\n"
	      "\t\tword=\n"
	      "\telif [ \"$before\" = = ]; then\n"
	      "\t\tbefore=${COMP_WORDS[COMP_CWORD-2]}\n"
	      "\tfi\n"
	      "\tCOMPREPLY=()\n"
	      "\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W '",
	      stream);
	for (const struct completion_command *command = commands; command->name; command++)
		fprintf(stream, "%s ", command->name);
	fputs("--help --version' -- \"$word\"))\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tcase ${COMP_WORDS[1]}/$before in\n",
	      stream);
	for (const struct completion_command *command = commands; command->name; command++)
		for (const struct option_row *row = command->options ? command->options->rows
								     : NULL;
		     row && row->name; row++)
			if (row->type != OPTION_FLAG)
				write_bash_case(stream, command->name, row);
	fputs("\tesac\n\tcase ${COMP_WORDS[1]} in\n", stream);
	for (const struct completion_command *command = commands; command->name; command++)
		write_bash_options(stream, command);
	fputs("\tesac\n"
	      "\tcase $word in\n"
	      "\t-*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
	      "\t*) _skua_files ;;\n"
	      "\tesac\n"
	      "\tcase ${COMPREPLY-} in\n"
	      "\t*=) compopt -o nospace 2>/dev/null ;;\n"
	      "\tesac\n"
	      "}\n"
	      "complete -F _skua skua\n",
	      stream);
}

/* In brackets of _arguments. */
static void write_zsh_text(FILE *stream, const char *text, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'') {
			fputs("'\\''", stream);
			continue;
		}
		if (strchr(special, *text))
			fputc('\\', stream);
		fputc(*text, stream);
	}
}

static void write_zsh_row(FILE *stream, const struct option_row *row)
{
	bool many = row->type == OPTION_TEXTS || row->type == OPTION_NETWORK;

	fputs("\t\t'", stream);
	if (many)
		fputc('*', stream);
	else if (row->letter)
		fprintf(stream, "(-%c --%s)", row->letter, row->name);
	if (row->letter)
		fprintf(stream, "'{-%c%s,--%s%s}'", row->letter,
			row->type == OPTION_FLAG ? "" : "+", row->name,
			row->type == OPTION_FLAG ? "" : "=");
	else
		fprintf(stream, "--%s%s", row->name, row->type == OPTION_FLAG ? "" : "=");
	fputc('[', stream);
	write_zsh_text(stream, row->help, "[]\\");
	fputc(']', stream);
	switch (completion_kind(row)) {
	case COMPLETION_NOTHING:
		break;
	case COMPLETION_WORDS:
		fprintf(stream, ":WORD:(%s)", row->value);
		break;
	case COMPLETION_FILES:
		fprintf(stream, ":%s:_files", row->value);
		break;
	case COMPLETION_FREE:
		fputc(':', stream);
		write_zsh_text(stream, row->value, ":\\");
		fputs(": ", stream);
		break;
	}
	fputs("' \\\n", stream);
}

void completion_zsh(FILE *stream, const struct completion_command *commands)
{
	fputs("#compdef skua\n"
	      "# skua completion zsh\n"
	      "_skua() {\n"
	      "\tlocal -a commands\n"
	      "\tcommands=(\n",
	      stream);
	for (const struct completion_command *command = commands; command->name; command++) {
		fprintf(stream, "\t\t'%s:", command->name);
		write_zsh_text(stream, command->help, ":\\");
		fputs("'\n", stream);
	}
	fputs("\t)\n"
	      "\tif ((CURRENT == 2)); then\n"
	      "\t\t_describe command commands\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tshift words\n"
	      "\t((CURRENT--))\n"
	      "\tcase $words[1] in\n",
	      stream);
	for (const struct completion_command *command = commands; command->name; command++) {
		fprintf(stream, "\t%s)\n\t\t_arguments -s \\\n", command->name);
		for (const struct option_row *row = command->options ? command->options->rows
								     : NULL;
		     row && row->name; row++)
			write_zsh_row(stream, row);
		fputs("\t\t'(-h --help)'{-h,--help}'[this text]' '*:file:_files'\n\t\t;;\n",
		      stream);
	}
	fputs("\tesac\n"
	      "}\n"
	      "if [ \"$funcstack[1]\" = _skua ]; then\n"
	      "\t_skua \"$@\"\n"
	      "else\n"
	      "\tcompdef _skua skua\n"
	      "fi\n",
	      stream);
}

static void write_fish_row(FILE *stream, const char *command, const struct option_row *row)
{
	fprintf(stream, "complete -c skua -n '__fish_seen_subcommand_from %s' -l %s", command,
		row->name);
	if (row->letter)
		fprintf(stream, " -s %c", row->letter);
	switch (completion_kind(row)) {
	case COMPLETION_NOTHING:
		break;
	case COMPLETION_WORDS:
		fprintf(stream, " -x -a '%s'", row->value);
		break;
	case COMPLETION_FILES:
		fputs(" -r -F", stream);
		break;
	case COMPLETION_FREE:
		fputs(" -x", stream);
		break;
	}
	fputs(" -d ", stream);
	write_fish_text(stream, row->help);
	fputc('\n', stream);
}

void completion_fish(FILE *stream, const struct completion_command *commands)
{
	fputs("# skua completion fish\n"
	      "complete -c skua -n __fish_use_subcommand -f\n"
	      "complete -c skua -s h -l help -d 'this text'\n",
	      stream);
	for (const struct completion_command *command = commands; command->name; command++) {
		fprintf(stream, "complete -c skua -n __fish_use_subcommand -a %s -d ",
			command->name);
		write_fish_text(stream, command->help);
		fputc('\n', stream);
		for (const struct option_row *row = command->options ? command->options->rows
								     : NULL;
		     row && row->name; row++)
			write_fish_row(stream, command->name, row);
	}
}
