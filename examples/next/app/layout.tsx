import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import './exam.css';

export const metadata: Metadata = { title: 'Exam', other: { 'color-scheme': 'light dark' } };

const Layout = ({ children }: { children: ReactNode }) => (
  <html lang="en">
    <body>
      <main>{children}</main>
    </body>
  </html>
);
export default Layout;
