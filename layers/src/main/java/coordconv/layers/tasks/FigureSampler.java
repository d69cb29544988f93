package coordconv.layers.tasks;

import coordconv.layers.SeededRandom;
import coordconv.layers.tasks.Figure.Colour;
import coordconv.layers.tasks.Figure.Place;
import coordconv.layers.tasks.Figure.Stroke;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws figures at random: a trunk, a head, two arms and two legs of two limbs each, in front of clutter and partly covered.
 *
 * <p>A figure faces the viewer or away, so that its outline does not tell left from right. The colours of the limbs do: blue
 * for the left, red for the right, in many shades. Half of the clutter has the same colours, so that a colour alone does not
 * tell a limb either.
 */
final class FigureSampler {
    private static final int JOINTS = Joint.values().length;
    /** Least distance of a joint from the middle of an outermost pixel. */
    private static final double MARGIN = 3;
    private static final int CLUTTER = 6;
    private static final int MOST_OCCLUDERS = 3;
    private static final double OCCLUDER_SHIFT = 7;

    private final SeededRandom random;
    private final double[] x = new double[JOINTS];
    private final double[] y = new double[JOINTS];
    /** For each joint, the index of the last stroke of the limbs that meet in it. */
    private final int[] lastStroke = new int[JOINTS];
    private final List<Stroke> strokes = new ArrayList<>();
    private double unit;

    FigureSampler(long seed) {
        random = new SeededRandom(seed);
    }

    Figure next() {
        do {
            strokes.clear();
            unit = between(11, 17);
            body();
        } while (spread(x) > Figure.CANVAS - 1 - 2 * MARGIN || spread(y) > Figure.CANVAS - 1 - 2 * MARGIN);
        place();
        List<Stroke> all = new ArrayList<>();
        for (int i = 0; i < CLUTTER; i++) {
            all.add(stick());
        }
        all.addAll(strokes);
        int occluders = (int) between(0, MOST_OCCLUDERS + 1);
        for (int i = 0; i < occluders; i++) {
            all.add(occluder());
        }
        List<Place> joints = new ArrayList<>();
        for (int j = 0; j < JOINTS; j++) {
            double column = x[j];
            double row = y[j];
            joints.add(new Place(column, row, all.subList(CLUTTER + lastStroke[j] + 1, all.size()).stream()
                    .anyMatch(later -> later.covers(column, row))));
        }
        return new Figure(colour(0.25, 0.75, 0.25, 0.75, 0.25, 0.75), random.nextLong(), all, joints);
    }

    private double between(double least, double most) {
        return least + (most - least) * random.nextDouble();
    }

    private Colour colour(double... ranges) {
        return new Colour((float) between(ranges[0], ranges[1]), (float) between(ranges[2], ranges[3]),
                (float) between(ranges[4], ranges[5]));
    }

    private Colour limbColour(boolean left) {
        return left ? colour(0, 0.35, 0.15, 0.5, 0.6, 1) : colour(0.6, 1, 0.15, 0.5, 0, 0.35);
    }

    private static double spread(double[] of) {
        double least = of[0];
        double most = of[0];
        for (double each : of) {
            least = Math.min(least, each);
            most = Math.max(most, each);
        }
        return most - least;
    }

    /** The figure about the middle of its hips. Rows grow downwards: an angle of 0 points down, of pi / 2 to the right. */
    private void body() {
        double lean = between(-0.5, 0.5);
        double neckX = -unit * StrictMath.sin(lean);
        double neckY = -unit * StrictMath.cos(lean);
        double nod = lean + between(-0.4, 0.4);
        // 1 where the figure's left is the viewer's right: it faces the viewer.
        int facing = random.nextBoolean() ? 1 : -1;
        boolean leftFirst = random.nextBoolean();
        Colour skin = colour(0.5, 0.95, 0.5, 0.95, 0.1, 0.5);
        side(leftFirst, facing, lean, neckX, neckY);
        strokes.add(new Stroke(0, 0, neckX, neckY, 0.19 * unit, skin));
        double headX = neckX - 0.4 * unit * StrictMath.sin(nod);
        double headY = neckY - 0.4 * unit * StrictMath.cos(nod);
        strokes.add(new Stroke(headX, headY, headX, headY, 0.26 * unit, skin));
        side(!leftFirst, facing, lean, neckX, neckY);
    }

    /** The arm and the leg of one side. */
    private void side(boolean left, int facing, double lean, double neckX, double neckY) {
        Colour colour = limbColour(left);
        int outwards = left ? facing : -facing;
        double acrossX = outwards * StrictMath.cos(lean);
        double acrossY = -outwards * StrictMath.sin(lean);
        double shoulder = 0.22 * unit;
        double arm = lean + outwards * between(-0.4, 2.6);
        limbs(left ? Joint.LEFT_ELBOW : Joint.RIGHT_ELBOW, neckX + shoulder * acrossX, neckY + shoulder * acrossY,
                arm, 0.55, arm + between(-2, 2), 0.5, colour);
        double hip = 0.14 * unit;
        double leg = lean + outwards * between(-0.3, 1.1);
        limbs(left ? Joint.LEFT_KNEE : Joint.RIGHT_KNEE, hip * acrossX, hip * acrossY,
                leg, 0.65, leg + between(-1.3, 1.3), 0.6, colour);
    }

    /** Two limbs; the joint between them and the end of the second, which is the joint behind it. */
    private void limbs(Joint middle, double fromX, double fromY, double firstAngle, double firstLength, double secondAngle,
                       double secondLength, Colour colour) {
        int between = middle.ordinal();
        int end = between + 1;
        x[between] = fromX + firstLength * unit * StrictMath.sin(firstAngle);
        y[between] = fromY + firstLength * unit * StrictMath.cos(firstAngle);
        x[end] = x[between] + secondLength * unit * StrictMath.sin(secondAngle);
        y[end] = y[between] + secondLength * unit * StrictMath.cos(secondAngle);
        double radius = 0.11 * unit;
        strokes.add(new Stroke(fromX, fromY, x[between], y[between], radius, colour));
        strokes.add(new Stroke(x[between], y[between], x[end], y[end], radius, colour));
        lastStroke[between] = strokes.size() - 1;
        lastStroke[end] = strokes.size() - 1;
    }

    /** Moves the figure to where all its joints lie inside the margin. */
    private void place() {
        double right = shift(x);
        double down = shift(y);
        for (int j = 0; j < JOINTS; j++) {
            x[j] += right;
            y[j] += down;
        }
        strokes.replaceAll(s -> new Stroke(s.x1() + right, s.y1() + down, s.x2() + right, s.y2() + down, s.radius(), s.colour()));
    }

    private double shift(double[] of) {
        double least = of[0];
        for (double each : of) {
            least = Math.min(least, each);
        }
        return MARGIN - least + between(0, Figure.CANVAS - 1 - 2 * MARGIN - spread(of));
    }

    private Stroke stick() {
        Colour colour = random.nextBoolean() ? limbColour(random.nextBoolean()) : colour(0, 1, 0, 1, 0, 1);
        return stroke(between(0, Figure.CANVAS - 1), between(0, Figure.CANVAS - 1), between(5, 18), between(1.2, 2.2), colour);
    }

    /** From a place near a joint: elsewhere it would cover none in most pictures. */
    private Stroke occluder() {
        int near = (int) between(0, JOINTS);
        return stroke(x[near] + between(-OCCLUDER_SHIFT, OCCLUDER_SHIFT), y[near] + between(-OCCLUDER_SHIFT, OCCLUDER_SHIFT),
                between(3, 14), between(2.5, 4.5), colour(0, 1, 0, 1, 0, 1));
    }

    private Stroke stroke(double fromX, double fromY, double length, double radius, Colour colour) {
        double angle = between(-Math.PI, Math.PI);
        return new Stroke(fromX, fromY, fromX + length * StrictMath.sin(angle), fromY + length * StrictMath.cos(angle), radius,
                colour);
    }
}
