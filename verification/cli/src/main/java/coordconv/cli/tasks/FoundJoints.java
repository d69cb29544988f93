package coordconv.cli.tasks;

import coordconv.cli.report.ImageTiles;
import coordconv.layers.tasks.Figure;
import coordconv.layers.tasks.Joint;
import coordconv.layers.tasks.KeypointResult;
import coordconv.layers.tasks.KeypointResult.Point;
import coordconv.layers.tasks.KeypointResult.Prediction;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.Locale;

/** Pictures with their true joints as rings, those that are found as dots, and a line from each to the other. */
final class FoundJoints {
    /** Side of a pixel of the figure. */
    private static final int SCALE = 5;
    private static final double RING = 2.2;
    private static final double DOT = 1.2;

    private FoundJoints() {}

    static ImageTiles of(KeypointResult result) {
        ImageTiles tiles = new ImageTiles();
        for (Prediction example : result.examples()) {
            tiles.add(String.format(Locale.ROOT, "mean error %.1f px", meanError(example)), picture(example));
        }
        return tiles;
    }

    private static double meanError(Prediction example) {
        double sum = 0;
        for (int j = 0; j < example.joints().size(); j++) {
            Figure.Place truth = example.figure().joints().get(j);
            Point found = example.joints().get(j);
            sum += Math.hypot(found.x() - truth.x(), found.y() - truth.y());
        }
        return sum / example.joints().size();
    }

    private static BufferedImage picture(Prediction example) {
        BufferedImage image = enlarged(example.figure());
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        for (int j = 0; j < example.joints().size(); j++) {
            Figure.Place truth = example.figure().joints().get(j);
            Point found = example.joints().get(j);
            double x = place(truth.x());
            double y = place(truth.y());
            Ellipse2D ring = circle(x, y, RING);
            Ellipse2D dot = circle(place(found.x()), place(found.y()), DOT);
            Line2D line = new Line2D.Double(x, y, dot.getCenterX(), dot.getCenterY());
            // A dark edge makes the light lines visible on every background.
            draw(graphics, Color.BLACK, 3.5f, ring, line, dot);
            draw(graphics, truth.occluded() ? Color.YELLOW : Color.WHITE, 1.5f, ring, line);
            graphics.setColor(Joint.values()[j].isLeft() ? Color.CYAN : Color.RED);
            graphics.fill(dot);
        }
        graphics.dispose();
        return image;
    }

    private static void draw(Graphics2D graphics, Color color, float width, Shape... shapes) {
        graphics.setColor(color);
        graphics.setStroke(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        for (Shape shape : shapes) {
            graphics.draw(shape);
        }
    }

    /** Where the middle of a pixel of the figure lies. */
    private static double place(double pixel) {
        return (pixel + 0.5) * SCALE;
    }

    private static Ellipse2D circle(double x, double y, double radius) {
        double r = radius * SCALE / 2;
        return new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r);
    }

    private static BufferedImage enlarged(Figure figure) {
        int plane = Figure.CANVAS * Figure.CANVAS;
        float[] planes = new float[Figure.CHANNELS * plane];
        figure.draw(planes, 0);
        BufferedImage image = new BufferedImage(SCALE * Figure.CANVAS, SCALE * Figure.CANVAS, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int pixel = y / SCALE * Figure.CANVAS + x / SCALE;
                image.setRGB(x, y, byteOf(planes[pixel]) << 16 | byteOf(planes[pixel + plane]) << 8 | byteOf(planes[pixel + 2 * plane]));
            }
        }
        return image;
    }

    private static int byteOf(float shade) {
        return Math.round(255 * Math.clamp(shade, 0f, 1f));
    }
}
