package coordconv.cli;

import java.io.PrintWriter;
import java.io.Writer;

/** How wide a line may be. */
final class Terminal {
    /** System property that the launcher sets to the width of the terminal; empty where there is none. */
    static final String COLUMNS = "coordconv.columns";
    private static final int LEAST = 20;

    private Terminal() {}

    /** {@return characters of a line; very many where nothing says how wide the terminal is} */
    static int columns() {
        String given = System.getProperty(COLUMNS, "");
        // The name of a variable that shells keep, and hand on where they are told to.
        String width = given.isEmpty() && System.getenv("COLUMNS") != null ? System.getenv("COLUMNS") : given;
        return width.matches("[1-9]\\d{0,4}") ? Math.max(LEAST, Integer.parseInt(width)) : Integer.MAX_VALUE;
    }

    /**
     * A writer that cuts each line to the terminal's width, so that a progress bar which overwrites itself never
     * runs over into the next line.
     *
     * @param to where the lines go
     * @param columns of the terminal
     * @return the writer
     */
    static PrintWriter cut(PrintWriter to, int columns) {
        return new PrintWriter(new Writer() {
            private int column;

            @Override
            public void write(char[] text, int from, int count) {
                for (int i = from; i < from + count; i++) {
                    char c = text[i];
                    column = c == '\r' || c == '\n' ? 0 : column + 1;
                    // The last column stays free: some terminals go on to the next line when it is filled.
                    if (column < columns) {
                        to.write(c);
                    }
                }
            }

            @Override
            public void flush() {
                to.flush();
            }

            @Override
            public void close() {
                to.flush();
            }
        });
    }
}
