package coordconv.verification.problem;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.CoordPreset;
import java.util.Locale;

/** Prints a geometry in the canonical form of a problem string. */
final class ProblemFormat {
    private ProblemFormat() {}

    static String format(ConvGeometry g, CoordPreset preset) {
        StringBuilder s = new StringBuilder();
        s.append('n').append(g.batch()).append('c').append(g.channels());
        s.append('h').append(g.height()).append('w').append(g.width());
        s.append('o').append(g.outChannels());
        s.append('k').append(pair(g.kernelHeight(), g.kernelWidth()));
        unlessDefault(s, 's', pair(g.strideHeight(), g.strideWidth()), "1");
        unlessDefault(s, 'p', padding(g), "0");
        unlessDefault(s, 'd', pair(g.dilationHeight(), g.dilationWidth()), "1");
        unlessDefault(s, 'g', Integer.toString(g.groups()), "1");
        unlessDefault(s, 'l', layouts(g), "nchw");
        if (preset != CoordPreset.NONE) {
            s.append('+').append(preset.code());
        }
        return s.toString();
    }

    private static void unlessDefault(StringBuilder s, char key, String value, String usual) {
        if (!value.equals(usual)) {
            s.append(key).append(value);
        }
    }

    private static String padding(ConvGeometry g) {
        if (g.padTop() == g.padBottom() && g.padLeft() == g.padRight()) {
            return pair(g.padTop(), g.padLeft());
        }
        return g.padTop() + ":" + g.padBottom() + ":" + g.padLeft() + ":" + g.padRight();
    }

    private static String layouts(ConvGeometry g) {
        String input = g.inputLayout().name().toLowerCase(Locale.ROOT);
        String output = g.outputLayout().name().toLowerCase(Locale.ROOT);
        return input.equals(output) ? input : input + "/" + output;
    }

    private static String pair(int height, int width) {
        return height == width ? Integer.toString(height) : height + "x" + width;
    }
}
