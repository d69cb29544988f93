/**
 * The command line: one class a subcommand, and the options and the output forms that they share.
 *
 * <p>A new subcommand is a class with picocli's {@code @Command} and its name in the list of {@link
 * coordconv.cli.CoordConvCommand}.
 */
package coordconv.cli;
