package coordconv.layers.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import coordconv.layers.tasks.Figure.Colour;
import coordconv.layers.tasks.Figure.Place;
import coordconv.layers.tasks.Figure.Stroke;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArticulatedFiguresTest {
    private static final int PLANE = Figure.CANVAS * Figure.CANVAS;
    /** From the middle of a pixel no point of it is farther away. */
    private static final double HALF_DIAGONAL = Math.sqrt(0.5);
    private static final long FIGURE_BITS = -8159619489575103695L;
    private static final int PICTURE_BITS = -1357588325;
    private static final List<Figure> FIGURES = ArticulatedFigures.parts(11, 300).train();

    private static float[] drawn(Figure figure) {
        float[] image = new float[Figure.CHANNELS * PLANE];
        figure.draw(image, 0);
        return image;
    }

    private static Figure with(Figure figure, List<Stroke> strokes) {
        return new Figure(figure.background(), figure.noise(), strokes, figure.joints());
    }

    private static Colour at(float[] image, int pixel) {
        return new Colour(image[pixel], image[pixel + PLANE], image[pixel + 2 * PLANE]);
    }

    private static int pixel(double x, double y) {
        return (int) Math.round(y) * Figure.CANVAS + (int) Math.round(x);
    }

    /** The last stroke that starts or ends in a joint. */
    private static int lastLimb(Figure figure, Place joint) {
        int last = -1;
        for (int i = 0; i < figure.strokes().size(); i++) {
            Stroke s = figure.strokes().get(i);
            boolean meets = s.x1() == joint.x() && s.y1() == joint.y() || s.x2() == joint.x() && s.y2() == joint.y();
            last = meets ? i : last;
        }
        assertTrue(last >= 0, "a limb ends in each joint");
        return last;
    }

    @Test
    void equalSeedsGiveEqualFigures() {
        ArticulatedFigures.Parts parts = ArticulatedFigures.parts(7, 20);
        ArticulatedFigures.Parts again = ArticulatedFigures.parts(7, 20);
        assertEquals(parts, again);
        assertArrayEquals(drawn(parts.train().get(3)), drawn(again.train().get(3)));
        assertEquals(parts.test(), ArticulatedFigures.parts(7, 3).test(), "what is held out does not depend on what is learned from");
        assertEquals(parts.train().subList(0, 3), ArticulatedFigures.parts(7, 3).train());
        assertNotEquals(parts.test(), ArticulatedFigures.parts(8, 3).test());
        assertEquals(ArticulatedFigures.TEST, parts.test().size());
        assertEquals(20, parts.train().size());
        assertTrue(parts.test().stream().noneMatch(parts.train()::contains));
    }

    /** The same on every machine: figures were looked at, and these are their numbers. */
    @Test
    void theFiguresAreThoseOfTheReports() {
        List<Figure> test = ArticulatedFigures.parts(1, 1).test();
        long bits = 0;
        for (Figure figure : test) {
            for (Place joint : figure.joints()) {
                bits = 31 * bits + Double.doubleToLongBits(joint.x()) + 7 * Double.doubleToLongBits(joint.y()) + (joint.occluded() ? 1 : 0);
            }
        }
        assertEquals(FIGURE_BITS, bits);
        assertEquals(PICTURE_BITS, Arrays.hashCode(drawn(test.get(0))));
    }

    @Test
    void jointsLieInsideThePicture() {
        for (Figure figure : FIGURES) {
            assertEquals(Joint.values().length, figure.joints().size());
            for (Place joint : figure.joints()) {
                assertTrue(joint.x() >= 3 && joint.x() <= 60 && joint.y() >= 3 && joint.y() <= 60, joint.toString());
            }
        }
    }

    @Test
    void aStrokeCoversExactlyWhatItSays() {
        Colour colour = new Colour(1, 0.5f, 0.25f);
        Figure figure = new Figure(new Colour(0, 0, 0), 3, List.of(new Stroke(10, 20, 30, 20, 2, colour)), List.of());
        float[] image = drawn(figure);
        float[] behind = drawn(with(figure, List.of()));
        for (int x : new int[] {8, 9, 10, 20, 30, 31, 32, 33, 7}) {
            for (int y = 16; y <= 24; y++) {
                double beyond = Math.max(0, Math.max(10 - x, x - 30));
                float share = (float) Math.clamp(2.5 - Math.sqrt(beyond * beyond + (y - 20) * (y - 20)), 0, 1);
                for (int c = 0; c < Figure.CHANNELS; c++) {
                    int pixel = c * PLANE + y * Figure.CANVAS + x;
                    float own = c == 0 ? colour.red() : c == 1 ? colour.green() : colour.blue();
                    assertEquals(share * own + (1 - share) * behind[pixel], image[pixel], x + ", " + y);
                }
            }
        }
        assertEquals(1, image[20 * Figure.CANVAS + 31]);
        assertEquals(0.5f * 1 + 0.5f * behind[20 * Figure.CANVAS + 32], image[20 * Figure.CANVAS + 32]);
        assertEquals(behind[20 * Figure.CANVAS + 33], image[20 * Figure.CANVAS + 33]);
    }

    /** Strokes that leave the picture are cut off, on all sides. */
    @Test
    void strokesMayLeaveThePicture() {
        Colour white = new Colour(1, 1, 1);
        Figure figure = new Figure(new Colour(0, 0, 0), 3, List.of(new Stroke(-30, -30, 90, 90, 1, white),
                new Stroke(93, -30, -30, 93, 1, white), new Stroke(-50, 5, -40, 5, 3, white), new Stroke(5, 80, 5, 99, 3, white)), List.of());
        float[] image = new float[Figure.CHANNELS * PLANE + 2];
        image[0] = 5;
        image[image.length - 1] = 6;
        figure.draw(image, 1);
        assertEquals(5, image[0]);
        assertEquals(6, image[image.length - 1]);
        for (int pixel : new int[] {0, 63, 63 * 64, 63 * 64 + 63}) {
            assertEquals(1, image[1 + pixel]);
        }
        assertTrue(image[1 + 5 * 64] < 0.1, "nothing of what lies outside");
        assertThrows(IndexOutOfBoundsException.class, () -> figure.draw(image, 3));
    }

    /** The picture ends where the limb does: at a joint it has the limb's colour, and a radius behind it nothing of the limb. */
    @Test
    void aLimbEndsInItsJoint() {
        int ends = 0;
        for (Figure figure : FIGURES) {
            for (Joint joint : Joint.values()) {
                Place place = figure.joints().get(joint.ordinal());
                int last = lastLimb(figure, place);
                Stroke limb = figure.strokes().get(last);
                float[] upToIt = drawn(with(figure, figure.strokes().subList(0, last + 1)));
                assertTrue(limb.radius() - 0.5 >= HALF_DIAGONAL, "the pixel of a joint lies wholly inside the limb");
                assertEquals(limb.colour(), at(upToIt, pixel(place.x(), place.y())), joint.toString());
                assertEquals(joint.isLeft(), limb.colour().blue() > limb.colour().red(), joint.toString());
                boolean end = limb.x2() == place.x() && limb.y2() == place.y();
                assertEquals(joint.ordinal() % 2 == 1, end, "hands and feet are ends, elbows and knees are not");
                if (!end) {
                    continue;
                }
                double length = Math.hypot(limb.x2() - limb.x1(), limb.y2() - limb.y1());
                double reach = limb.radius() + 0.5 + HALF_DIAGONAL;
                double x = place.x() + reach * (limb.x2() - limb.x1()) / length;
                double y = place.y() + reach * (limb.y2() - limb.y1()) / length;
                if (Math.min(x, y) >= 0 && Math.max(x, y) <= Figure.CANVAS - 1) {
                    float[] without = drawn(with(figure, figure.strokes().subList(0, last)));
                    assertEquals(at(without, pixel(x, y)), at(upToIt, pixel(x, y)), joint.toString());
                    ends++;
                }
            }
        }
        assertTrue(ends > 3 * FIGURES.size(), "most are looked at");
    }

    /** By distances to many points of a stroke's line, and by what the whole picture shows at a joint. */
    @Test
    void whatIsDrawnOverAJointOccludesIt() {
        int occluded = 0;
        int seen = 0;
        for (Figure figure : FIGURES) {
            for (Place joint : figure.joints()) {
                int last = lastLimb(figure, joint);
                List<Stroke> later = figure.strokes().subList(last + 1, figure.strokes().size());
                double depth = later.stream().mapToDouble(s -> s.radius() - distance(s, joint)).max().orElse(-9);
                if (Math.abs(depth) > 1e-3) {
                    assertEquals(depth > 0, joint.occluded(), joint.toString());
                }
                if (depth < -0.5 - HALF_DIAGONAL) {
                    assertEquals(figure.strokes().get(last).colour(), at(drawn(figure), pixel(joint.x(), joint.y())));
                    seen++;
                }
                occluded += joint.occluded() ? 1 : 0;
            }
        }
        double share = (double) occluded / (FIGURES.size() * Joint.values().length);
        assertTrue(share > 0.1 && share < 0.25, "share occluded: " + share);
        assertTrue(seen > 4 * FIGURES.size(), "most are seen: " + seen);
    }

    private static double distance(Stroke stroke, Place from) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i <= 2000; i++) {
            double share = i / 2000.0;
            least = Math.min(least, Math.hypot(stroke.x1() + share * (stroke.x2() - stroke.x1()) - from.x(),
                    stroke.y1() + share * (stroke.y2() - stroke.y1()) - from.y()));
        }
        return least;
    }

    /** So that a place in the outline does not tell left from right. */
    @Test
    void figuresFaceBothWays() {
        List<Boolean> leftIsLeft = new ArrayList<>();
        for (Figure figure : FIGURES) {
            leftIsLeft.add(figure.joints().get(Joint.LEFT_KNEE.ordinal()).x() < figure.joints().get(Joint.RIGHT_KNEE.ordinal()).x());
        }
        double share = leftIsLeft.stream().filter(left -> left).count() / (double) leftIsLeft.size();
        assertTrue(share > 0.4 && share < 0.6, "share: " + share);
    }

    @Test
    void tooFewAndTooManyAreRefused() {
        for (int train : new int[] {0, ArticulatedFigures.MOST_TRAIN + 1}) {
            assertEquals("train: given " + train + ", needed 1 to 100000",
                    assertThrows(IllegalArgumentException.class, () -> ArticulatedFigures.parts(1, train)).getMessage());
        }
    }
}
