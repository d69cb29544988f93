package coordconv.cli;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * A table on a terminal whose rows appear as they are known, so that a long run shows what it has.
 * The first column is left-aligned and takes the rest of the width; the others are right-aligned.
 */
public final class TextTable {
    private final PrintWriter out;
    private final String format;
    /** Whether the first cell has a line of its own, because all of them do not fit into one. */
    private final boolean folded;

    /**
     * Prints the heads.
     *
     * @param out where to
     * @param firstWidth characters of the first column
     * @param heads names of the columns; each column is as wide as its name, at least 8
     */
    public TextTable(PrintWriter out, int firstWidth, String... heads) {
        this(out, Terminal.columns(), firstWidth, heads);
    }

    TextTable(PrintWriter out, int columns, int firstWidth, String... heads) {
        this.out = out;
        int first = Math.max(firstWidth, heads[0].length());
        int others = 0;
        StringBuilder all = new StringBuilder();
        for (int i = 1; i < heads.length; i++) {
            int width = Math.max(heads[i].length(), 8);
            all.append("  %").append(width).append('s');
            others += width + 2;
        }
        folded = first + others > columns;
        format = (folded ? "%s%n" : "%-" + first + "s") + all;
        row((Object[]) heads);
    }

    /**
     * Prints a row.
     *
     * @param cells one for each column
     */
    public void row(Object... cells) {
        out.println(String.format(Locale.ROOT, format, cells).stripTrailing());
        out.flush();
    }

    /**
     * Says below a row that it is not to be relied on.
     *
     * @param settled whether its times had stopped to fall
     */
    public void noteUnless(boolean settled) {
        if (!settled) {
            out.println("  unsettled: times still fell when the patience ended, so the true ones are less");
            out.flush();
        }
    }

    /**
     * A number with few digits, in a form that fits a column.
     *
     * @param value the number
     * @return three or four significant digits
     */
    public static String digits(double value) {
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-3 || size >= 1e6)) {
            return String.format(Locale.ROOT, "%.1e", value);
        }
        return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }
}
